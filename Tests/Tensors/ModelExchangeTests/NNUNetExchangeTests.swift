import Anatomy
import Faults
import Foundation
import ModelExchange
import Networks
import Plans
import PyTorchFiles
import TensorCore
import TestSupport
import Testing
import Volumes

@Suite struct NNUNetExchangeTests {
    private func model(_ path: String) throws -> NNUNetModel {
        try NNUNetModel(NNUNetModelFolder(Fixtures.url("pytorch/\(path)")))
    }

    @Test func plansBecomeThePlan() throws {
        let translation = try NNUNetTranslation(model("nnunet-residual"), imageOrientation: nil)
        let plan = translation.plan
        #expect(plan.orientation == "SAR")
        #expect(plan.spacingInMillimetres == [3, 0.8, 0.75])
        #expect(plan.patch == [8, 16, 12])
        #expect(plan.intensities == .ct(lower: -550, upper: 1320, mean: 150.5, deviation: 310.25))
        #expect(plan.slidingWindow.convention == .nnUNet)
        #expect(plan.slidingWindow.overlap == 0.5)
        #expect(plan.slidingWindow.mirroring == [0, 2])
        #expect(plan.network.architecture == .residualEncoderUNet)
        #expect(plan.labelSet == "Dataset901_Tiny")
        #expect(translation.source.labels == ["background", "vertebrae_L5", "sacrum"])
        #expect(plan.resampling == .nnUNet && plan.interpolation == .cubic)
        try #require(translation.source.remarks.count == 1)
        #expect(translation.source.remarks[0].contains("1 vertebrae_L5, …"))
    }

    @Test func severalFoldsAreSaid() throws {
        let source = try NNUNetTranslation(model("nnunet-plain.zip"), imageOrientation: nil).source
        #expect(source.fold == "0")
        #expect(source.remarks.contains { $0.contains("This is fold 0; there are also 1") })
    }

    @Test func foldersThatAreOnlyCalledLikeFoldsAreSaidAndLeftOut() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(at: Fixtures.url("pytorch/nnunet-residual"), to: folder)
        for name in ["fold_0_old", "fold_00", "fold_all"] {
            try FileManager.default.copyItem(at: folder.appending(path: "fold_0"), to: folder.appending(path: name))
        }
        #expect(try ModelImport().folds(of: folder) == ["0", "all"])
        let read = try NNUNetModel(NNUNetModelFolder(folder))
        let remarks = try NNUNetTranslation(read, imageOrientation: nil).source.remarks
        #expect(remarks.contains { $0.hasSuffix("fold_ and a number: fold_00, fold_0_old.") }, "\(remarks)")
    }

    // MARK: Orientation

    /// A folder whose plans say how images are read.
    private func model(reader: String, transpose: String) throws -> NNUNetModel {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(at: Fixtures.url("pytorch/nnunet-residual"), to: folder)
        let file = folder.appending(path: "plans.json")
        var plans = try String(contentsOf: file, encoding: .utf8).replacingOccurrences(
            of: "NibabelIOWithReorient", with: reader)
        plans.replace(/"transpose_forward": \[[^\]]*\]/, with: "\"transpose_forward\": \(transpose)")
        try Data(plans.utf8).write(to: file)
        return try NNUNetModel(NNUNetModelFolder(folder))
    }

    @Test(arguments: [
        ("NibabelIOWithReorient", "[0, 1, 2]", nil as String?, "SAR"),
        ("NibabelIOWithReorient", "[1, 0, 2]", nil, "ASR"), ("NibabelIOWithReorient", "[2, 0, 1]", "RAS", "RSA"),
        ("SimpleITKIO", "[0, 1, 2]", "LPS", "SPL"), ("SimpleITKIO", "[2, 0, 1]", "LPS", "LSP"),
    ]) func axesFollowReaderAndTransposition(reader: String, transpose: String, given: String?, expected: String) throws
    {
        let plan = try NNUNetTranslation(model(reader: reader, transpose: transpose), imageOrientation: given).plan
        #expect(plan.orientation == expected)
        let export = ModelExport(
            plan: plan, parameters: Network(configuration: plan.network, seed: 1).parameters, source: nil, name: "spine"
        )
        let (made, remarks) = try export.nnUNet()
        #expect(made.imageReader == reader)
        #expect("\(made.transposeForward)" == transpose)
        #expect(remarks.isEmpty == (reader == "NibabelIOWithReorient"))
    }

    @Test func whatNobodySaidIsAskedFor() throws {
        let stored = try model(reader: "SimpleITKIO", transpose: "[0, 1, 2]")
        let error = #expect(throws: ModelExchangeError.self) { try NNUNetTranslation(stored, imageOrientation: nil) }
        #expect(error?.code == .undecided)
        #expect(error?.description.contains("--orientation") == true)
        #expect(throws: ModelExchangeError(.undecided, "")) { try NNUNetTranslation(stored, imageOrientation: "RRS") }
        let turned = try model("nnunet-residual")
        #expect(throws: ModelExchangeError(.unsupported, "")) { try NNUNetTranslation(turned, imageOrientation: "LPS") }
        #expect(
            try NNUNetTranslation(stored, imageOrientation: "lps").source.remarks.contains {
                $0.contains("stored as LPS")
            })
    }

    // MARK: Labels

    /// A network of 26 classes under the labels given, through nnU-Net's files.
    private func translated(labels: [String]) throws -> (made: NNUNetExport, translation: NNUNetTranslation) {
        let network = NetworkConfiguration.plainUNet(
            UNetConfiguration(
                inputChannels: 1, features: [2, 2], kernels: [[3, 3, 3], [3, 3, 3]], strides: [[1, 1, 1], [2, 2, 2]],
                classes: labels.count,
                repeats: [1, 1], convolutionsPerStageDecoder: [1]))
        let made = NNUNetExport(
            network: network, parameters: Network(configuration: network, seed: 9).parameters, labels: labels,
            spacingInMillimetres: [1.5, 1.5, 1.5],
            patch: [32, 32, 32], intensities: NNUNetIntensities(lower: -1000, upper: 1500, mean: 100, deviation: 300))
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).zip")
        defer { try? FileManager.default.removeItem(at: file) }
        try made.archive().write(to: file)
        return (made, try NNUNetTranslation(NNUNetModel(NNUNetModelFolder(file)), imageOrientation: nil))
    }

    private var spine: [String] { LabelSet.spine25.labels.map(\.name) }

    @Test func labelsOfOursInAnotherOrderAreMovedWithTheirWeights() throws {
        let labels = ["background"] + spine.reversed().map { $0 == "sacrum" ? $0 : "vertebrae_\($0)" }
        let (made, translation) = try translated(labels: labels)
        #expect(translation.plan.labelSet == "spine-25")
        #expect(translation.source.labels == ["background"] + spine.map { $0 == "sacrum" ? $0 : "vertebrae_\($0)" })
        #expect(translation.source.remarks.contains { $0.contains("order of spine-25") })
        let (before, after) = (
            made.parameters["decoder.seg_layers.0.weight"], translation.parameters["decoder.seg_layers.0.weight"]
        )
        let (biasBefore, biasAfter) = (
            made.parameters["decoder.seg_layers.0.bias"], translation.parameters["decoder.seg_layers.0.bias"]
        )
        for value in 1...25 {
            #expect(
                Array(after.values[value * 2..<value * 2 + 2])
                    == Array(before.values[(26 - value) * 2..<(26 - value) * 2 + 2]))
            #expect(biasAfter[value] == biasBefore[26 - value])
        }
        #expect(Array(after.values[0..<2]) == Array(before.values[0..<2]))
        for name in made.parameters.names where !name.contains("seg_layers") {
            #expect(translation.parameters[name].values == made.parameters[name].values)
        }
    }

    @Test func labelsOfOursInOrderStayAndOthersKeepTheirNames() throws {
        let same = try translated(labels: ["background"] + spine).translation
        #expect(same.plan.labelSet == "spine-25")
        #expect(same.source.remarks.contains { $0.contains("order of") } == false)
        var others = ["background"] + spine
        others[12] = "rib"
        let other = try translated(labels: others).translation
        #expect(other.plan.labelSet == "Dataset900_Columna")
        #expect(other.source.labels == others)
    }

    @Test func ofAWholeBodyTheSpineIsKept() throws {
        let labels = ["background", "spleen"] + spine.reversed() + ["vertebrae_S1", "hip_left"]
        let (made, translation) = try translated(labels: labels)
        let plan = translation.plan
        #expect(plan.labelSet == "spine-25" && plan.classes == 29)
        #expect(plan.classLabels == [0, 0] + Array(1...25).reversed() + [25, 0])
        #expect(translation.source.remarks.contains { $0.contains("29 classes 2 are none of spine-25 (spleen, …)") })
        #expect(translation.source.remarks.contains { $0.contains("S1") })
        #expect(translation.parameters.names == made.parameters.names)
    }

    // MARK: Export

    @Test func aModelComesOutAsItWentIn() throws {
        let model = try model("nnunet-residual")
        let translation = try NNUNetTranslation(model, imageOrientation: nil)
        let (made, remarks) = try ModelExport(
            plan: translation.plan, parameters: translation.parameters, source: translation.source, name: "spine"
        ).nnUNet()
        #expect(remarks.isEmpty)
        #expect(made.datasetName == "Dataset901_Tiny")
        #expect(made.folderName == "nnUNetTrainer__nnUNetPlans__3d_fullres")
        #expect(made.labels == model.dataset.labels)
        #expect(made.intensities == model.plans.intensities)
        #expect(made.mirroringAxes == [0, 2])
        #expect(made.transposeForward == [0, 1, 2])
        for name in model.parameters.names {
            #expect(made.parameters[name].values == model.parameters[name].values, "\(name)")
        }
    }

    /// The degree of the splines that exported plans have nnU-Net resample images by.
    private func resamplingOrder(_ made: NNUNetExport) throws -> Int {
        let plans = try #require(made.files().first { $0.path == "plans.json" })
        return try NNUNetPlans(json: plans.data).configuration(made.configurationName).resampling.order
    }

    @Test(arguments: [("cubic", 3), ("linear", 1), ("nearest", 0)])
    func aModelTrainedHereIsResampledAsItsPlanSays(interpolation: String, order: Int) throws {
        let json = String(
            decoding: try NNUNetTranslation(model("nnunet-residual"), imageOrientation: nil).plan.json(), as: UTF8.self)
        let plan = try Plan(json: Data(json.replacingOccurrences(of: "\"cubic\"", with: "\"\(interpolation)\"").utf8))
        let parameters = Network(configuration: plan.network, seed: 1).parameters
        let (made, remarks) = try ModelExport(plan: plan, parameters: parameters, source: nil, name: "spine").nnUNet()
        #expect(try resamplingOrder(made) == order)
        #expect(remarks.isEmpty)
    }

    @Test(arguments: [
        ("\"order\": 3", "\"order\": 2", "splines of order 2"),
        ("\"force_separate_z\": null", "\"force_separate_z\": false", "rules of their own"),
        ("\"order_z\": 0", "\"order_z\": 1", "rules of their own"),
    ])
    func resamplingThatAPlanCannotSayIsSaid(_ usual: String, _ other: String, _ words: String) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(at: Fixtures.url("pytorch/nnunet-residual"), to: folder)
        let file = folder.appending(path: "plans.json")
        let plans = try String(contentsOf: file, encoding: .utf8)
        try #require(plans.contains(usual))
        try Data(plans.replacingOccurrences(of: usual, with: other).utf8).write(to: file)
        let translation = try NNUNetTranslation(NNUNetModel(NNUNetModelFolder(folder)), imageOrientation: nil)
        #expect(translation.source.remarks.contains { $0.contains(words) })
    }

    /// nnunetv2/preprocessing/resampling: torch's function is linear, and by the same rules but for that; without
    /// resampling images keep their spacing.
    @Test(arguments: [("resample_torch_fornnunet", Interpolation.linear, false), ("no_resampling_hack", .linear, true)])
    func otherFunctionsThatColumnaHasBecomeThePlan(function: String, interpolation: Interpolation, keepsSpacing: Bool)
        throws
    {
        let translation = try translated {
            $0.replacingOccurrences(of: "resample_data_or_seg_to_shape", with: function)
        }
        #expect(translation.plan.interpolation == interpolation && translation.plan.keepsSpacing == keepsSpacing)
        #expect(!translation.source.remarks.contains { $0.contains("rules of their own") })
        let (made, _) = try ModelExport(
            plan: translation.plan, parameters: translation.parameters, source: translation.source, name: "spine"
        ).nnUNet()
        let plans = try #require(made.files().first { $0.path == "plans.json" })
        #expect(
            try NNUNetPlans(json: plans.data).configuration(made.configurationName).resampling.keepsSpacing
                == keepsSpacing)
    }

    @Test(arguments: ["my_resampling", "resample_torch_simple"]) func resamplingThatColumnaHasNotIsRefused(
        function: String
    ) {
        let error = #expect(throws: PyTorchFileError.self) {
            try translated { $0.replacingOccurrences(of: "resample_data_or_seg_to_shape", with: function) }
        }
        #expect(
            error?.code == .unsupported && error?.description.contains(function) == true
                && error?.description.contains("resampl") == true)
    }

    /// MIC-DKFZ/nnUNet#2768: `SimpleITKIOWithReorient` turns images as `NibabelIOWithReorient` does.
    @Test func theReaderOfSimpleITKThatTurnsImagesLeavesNothingOpen() throws {
        let turned = try model(reader: "SimpleITKIOWithReorient", transpose: "[0, 1, 2]")
        #expect(try NNUNetTranslation(turned, imageOrientation: nil).plan.orientation == "SAR")
        #expect(throws: ModelExchangeError(.unsupported, "")) { try NNUNetTranslation(turned, imageOrientation: "LPS") }
        #expect(
            try NNUNetTranslation(turned, imageOrientation: "RAS").source.remarks.contains {
                $0.contains("said at import")
            } == false)
    }

    /// MIC-DKFZ/nnUNet#2809: Python writes NaN into JSON, and nnU-Net reads it.
    @Test func aStatisticThatIsNoNumberIsNoOtherFile() throws {
        let plan = try translated {
            $0.replacingOccurrences(
                of: "\"3d_fullres\": {",
                with: "\"3d_fullres\": {\"a\": [NaN, -Infinity, Infinity], \"NaN \\\" Infinity\": \"NaN\", ")
        }.plan
        #expect(plan == (try NNUNetTranslation(model("nnunet-residual"), imageOrientation: nil).plan))
    }

    private func translated(_ change: (String) -> String) throws -> NNUNetTranslation {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(at: Fixtures.url("pytorch/nnunet-residual"), to: folder)
        let file = folder.appending(path: "plans.json")
        let plans = try String(contentsOf: file, encoding: .utf8)
        let changed = change(plans)
        try #require(changed != plans)
        try Data(changed.utf8).write(to: file)
        return try NNUNetTranslation(NNUNetModel(NNUNetModelFolder(folder)), imageOrientation: nil)
    }

    /// wasserth/TotalSegmentator, class_map_part_vertebrae (task 292).
    @Test func totalSegmentatorsVertebraeBecomeOurs() throws {
        let bones = ["sacrum", "vertebrae_S1"] + spine.dropLast().reversed().map { "vertebrae_\($0)" }
        let (made, translation) = try translated(labels: ["background"] + bones)
        #expect(translation.plan.labelSet == "spine-25")
        #expect(translation.plan.classLabels == [0, 25, 25] + Array((1...24).reversed()))
        #expect(translation.source.remarks.contains { $0.contains("S1") })
        #expect(translation.source.labels == ["background"] + bones)
        #expect(
            translation.parameters["decoder.seg_layers.0.bias"].values
                == made.parameters["decoder.seg_layers.0.bias"].values)
        // Back in nnU-Net it has its own labels again.
        let (again, _) = try ModelExport(
            plan: translation.plan, parameters: translation.parameters, source: translation.source, name: "a"
        ).nnUNet()
        #expect(again.labels == ["background"] + bones)
    }

    @Test(arguments: [3, 2]) func anImportedModelIsResampledAsItWasTrained(order: Int) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(at: Fixtures.url("pytorch/nnunet-residual"), to: folder)
        let file = folder.appending(path: "plans.json")
        let plans = try String(contentsOf: file, encoding: .utf8).replacingOccurrences(
            of: "\"order\": 3", with: "\"order\": \(order)")
        try Data(plans.utf8).write(to: file)
        let translation = try NNUNetTranslation(NNUNetModel(NNUNetModelFolder(folder)), imageOrientation: nil)
        let (made, remarks) = try ModelExport(
            plan: translation.plan, parameters: translation.parameters, source: translation.source, name: "spine"
        ).nnUNet()
        #expect(try resamplingOrder(made) == order)
        #expect(remarks.isEmpty)
    }

    /// Model files of before the order was kept, when all plans had MONAI's rules.
    @Test func thatNobodyKnowsHowAnImportedModelWasResampledIsSaid() throws {
        let translation = try NNUNetTranslation(model("nnunet-residual"), imageOrientation: nil)
        var plan = translation.plan
        (plan.resampling, plan.interpolation) = (.monai, .linear)
        let (made, remarks) = try ModelExport(
            plan: plan, parameters: translation.parameters, source: ModelSource(.nnUNet), name: "spine"
        ).nnUNet()
        #expect(try resamplingOrder(made) == 1)
        #expect(remarks.contains { $0.contains("order 1") && $0.contains("nnU-Net's own is 3") })
        #expect(remarks.contains { $0.contains("a grid of its own rules") })
    }

    @Test func aWindowIsTheSameLineInNNUNetsWords() throws {
        var plan = try NNUNetTranslation(model("nnunet-residual"), imageOrientation: nil).plan
        let parameters = Network(configuration: plan.network, seed: 1).parameters
        plan.intensities = .window(lower: -200, upper: 1000)
        let (made, remarks) = try ModelExport(plan: plan, parameters: parameters, source: nil, name: "my.spine")
            .nnUNet()
        #expect(made.intensities == NNUNetIntensities(lower: -200, upper: 1000, mean: 400, deviation: 600))
        #expect(made.labels == ["background", "class_1", "class_2"])
        #expect(made.datasetName == "Dataset900_my_spine")
        #expect(remarks.count == 1)
        plan.intensities = .monaiLabel
        #expect(throws: ModelExchangeError(.unsupported, "")) {
            try ModelExport(plan: plan, parameters: parameters, source: nil, name: "a").nnUNet()
        }
        #expect(throws: ModelExchangeError(.unsupported, "")) {
            try ModelExport(plan: plan, parameters: parameters, source: nil, name: "a").monai()
        }
    }
}
