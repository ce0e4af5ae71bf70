import Foundation
import Studies
import Testing
import TestSupport
import Volumes

/// `columna metrics`, run as a person runs it.
@Suite struct MetricsCommandTests {
    private struct Document: Decodable {
        struct Class: Decodable {
            struct Mesh: Decodable { let hausdorff, assd: Double? }
            let in_truth, in_prediction, touches_border: Bool
            let tp, fp, fn, tn: Int
            let dice, iou, accuracy, precision, sensitivity, specificity, auc, kappa: Double?
            let boundary_f1, nsd: [String: Double?]
            let hausdorff, hausdorff95, average_truth_to_predicted, average_predicted_to_truth, assd,
                rms_hausdorff: Double?
            let volume_error_percent, centroid_distance: Double?
            let mesh: Mesh?
        }
        let classes: [String: Class]
        let identification_rate: Double?
        let resampled: Bool
        let spacing_mm: [Double]
    }

    /// A block of L2 in the truth, the same two voxels further along i in the prediction, and C1 in the truth only.
    private func files(in folder: CommandFolder, predictionAffine: Affine? = nil) throws {
        let affine = Affine(spacingInMillimetres: [1.5, 1, 2])
        var truth = Volume<UInt8>(geometry: Geometry(size: [16, 10, 10], affine: affine), repeating: 0)
        var prediction = Volume<UInt8>(
            geometry: Geometry(size: [16, 10, 10], affine: predictionAffine ?? affine), repeating: 0)
        for k in 2..<7 {
            for j in 2..<7 {
                for i in 2..<8 {
                    truth[i, j, k] = 21
                    prediction[i + 2, j, k] = 21
                }
            }
        }
        truth[0, 9, 9] = 1
        try NIfTI.write(truth, to: folder.url.appending(path: "truth.nii"))
        try NIfTI.write(prediction, to: folder.url.appending(path: "prediction.nii"))
    }

    private func measured(_ words: [String], in folder: CommandFolder) throws -> Document {
        let result = try Program.run(["metrics", "truth.nii", "prediction.nii", "--json"] + words, in: folder.url)
        #expect(result.status == 0, "\(result.errors)")
        return try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
    }

    @Test func whatLiesOutsideThePredictionsVolumeIsBackground() throws {
        let folder = try CommandFolder()
        let affine = Affine(spacingInMillimetres: [1, 1, 1])
        var truth = Volume<UInt8>(geometry: Geometry(size: [10, 10, 40], affine: affine), repeating: 0)
        // The prediction's volume ends in the middle of the vertebra.
        var prediction = Volume<UInt8>(geometry: Geometry(size: [10, 10, 10], affine: affine), repeating: 0)
        for k in 2..<12 {
            for j in 2..<8 {
                for i in 2..<8 {
                    truth[i, j, k] = 20
                    if k < 10 { prediction[i, j, k] = 20 }
                }
            }
        }
        try NIfTI.write(truth, to: folder.url.appending(path: "truth.nii"))
        try NIfTI.write(prediction, to: folder.url.appending(path: "prediction.nii"))
        let block = try #require(try measured(["--resample"], in: folder).classes["20"])
        #expect(block.tp == 288 && block.fp == 0 && block.fn == 72)

        prediction.geometry.affine = Affine(spacingInMillimetres: [1, 1, 1], origin: [1000, 0, 0])
        try NIfTI.write(prediction, to: folder.url.appending(path: "prediction.nii"))
        let apart = try Program.run(["metrics", "truth.nii", "prediction.nii", "--resample"], in: folder.url)
        #expect(apart.status == 65 && apart.errors.contains("lie apart"))
    }

    @Test func theDocumentHasEveryMetric() throws {
        let folder = try CommandFolder()
        try files(in: folder)
        let document = try measured([], in: folder)
        #expect(document.classes.count == 25 && !document.resampled && document.spacing_mm == [1.5, 1, 2])
        let block = try #require(document.classes["21"])
        #expect(block.tp == 100 && block.fp == 50 && block.fn == 50 && block.tn == 1400)
        #expect(
            block.hausdorff == 3 && block.mesh?.hausdorff == 3 && block.centroid_distance == 3
                && block.volume_error_percent == 0)
        let defined = [
            block.iou, block.auc, block.kappa, block.hausdorff95, block.average_truth_to_predicted,
            block.average_predicted_to_truth, block.assd,
            block.rms_hausdorff,
        ]
        #expect(defined.allSatisfy { $0 != nil } && block.boundary_f1["3.0"] == 1 && block.nsd["1.5"] != nil)
        let missed = try #require(document.classes["1"])
        #expect(
            missed.in_truth && !missed.in_prediction && missed.touches_border && missed.dice == 0
                && missed.hausdorff == nil && missed.mesh == nil)
        #expect(document.identification_rate == 0.5)
    }

    @Test func optionsSayWhatIsAssumed() throws {
        let folder = try CommandFolder()
        try files(in: folder)
        let document = try measured(
            [
                "--spacing", "2,1,1", "--tolerance", "4.5", "--tolerance", "4.50", "--no-mesh", "--empty-classes",
                "miseval",
            ], in: folder)
        let block = try #require(document.classes["21"])
        #expect(
            block.hausdorff == 4 && block.mesh == nil && block.boundary_f1 == ["4.5": 1]
                && document.classes["2"]?.dice == 1)
        #expect(document.spacing_mm == [2, 1, 1])
    }

    @Test func gridsThatDifferNeedResample() throws {
        let folder = try CommandFolder()
        try files(in: folder, predictionAffine: Affine(spacingInMillimetres: [1.5, 1, 2], origin: [-3, 0, 0]))
        let refused = try Program.run(["metrics", "truth.nii", "prediction.nii"], in: folder.url)
        #expect(refused.status == 65 && refused.errors.contains("--resample"))
        #expect(refused.errors.contains("[1.5, 0, 0, 0]") && refused.errors.contains("[1.5, 0, 0, -3]"))
        let document = try measured(["--resample"], in: folder)
        #expect(document.resampled && document.classes["21"]?.dice == 1)
        let told = try Program.run(["metrics", "truth.nii", "prediction.nii", "--resample"], in: folder.url)
        #expect(told.status == 0 && told.errors.contains("resampled") && told.output.contains("L2"))
    }

    @Test func labelsOutsideTheSetAndHalvesAreRefused() throws {
        let folder = try CommandFolder()
        try files(in: folder)
        var other = Volume<UInt8>(
            geometry: Geometry(size: [16, 10, 10], affine: Affine(spacingInMillimetres: [1.5, 1, 2])), repeating: 0)
        other[3, 3, 3] = 26
        try NIfTI.write(other, to: folder.url.appending(path: "prediction.nii"))
        let outside = try Program.run(["metrics", "truth.nii", "prediction.nii"], in: folder.url)
        #expect(outside.status == 65 && outside.errors.contains("label 26"))
        #expect(try measured(["--prediction-numbering", "verse"], in: folder).classes["25"]?.in_prediction == true)
        let whole = Volume<Float>(geometry: other.geometry, voxels: other.voxels.map { $0 == 0 ? 0 : 21 })
        try NIfTI.write(whole, to: folder.url.appending(path: "prediction.nii"))
        #expect(try measured([], in: folder).classes["21"]?.tp == 1)
        try NIfTI.write(whole.map { $0 / 2 }, to: folder.url.appending(path: "prediction.nii"))
        let halves = try Program.run(["metrics", "truth.nii", "prediction.nii"], in: folder.url)
        #expect(halves.status == 65 && halves.errors.split(separator: "\n").count == 1)
        let usage = try Program.run(["metrics", "truth.nii", "prediction.nii", "--spacing", "nan"], in: folder.url)
        #expect(usage.status == 64)
    }
}
