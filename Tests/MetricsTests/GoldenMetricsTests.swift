import Anatomy
import Foundation
import Metrics
import TensorCore
import TestSupport
import Testing
import Volumes

/// Six predictions against one truth, with counts and ratios by definition; see golden/README.md.
@Suite(.enabled(if: Fixtures.golden("metrics") != nil)) struct GoldenMetricsTests {
    struct Golden: Decodable {
        struct Pair: Decodable {
            var spacing_ijk_mm: [Double]
            var mean_dice_over_classes_in_truth: Double
            var mean_dice_over_classes_in_truth_or_prediction: Double
            var voxel_accuracy_all_labels: Double
            var kappa_all_labels: Double
            var classes: [String: Class]
        }
        struct Class: Decodable {
            var in_truth: Bool
            var in_prediction: Bool
            var overlap: [String: Number]
        }
        var pairs: [String: Pair]
    }

    /// JSON has no NaN; the golden files write it as a string.
    struct Number: Decodable {
        var value: Double?

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            value = try? container.decode(Double.self)
        }
    }

    private static func golden() throws -> Golden {
        let url = try #require(Fixtures.golden("metrics/metrics.json"))
        return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    }

    private func volume(_ name: String, _ spacing: [Double]) throws -> Volume<UInt8> {
        let tensors = try Safetensors.read(try #require(Fixtures.golden("metrics/labels.safetensors")))
        // The tensor has k fastest; as a volume its axes are (k, j, i), which is all the same to counting.
        let size = Array(try tensors.shape(name).reversed())
        return Volume(
            geometry: Geometry(size: size, affine: Affine(spacingInMillimetres: spacing.reversed())), voxels: try tensors.bytes(name))
    }

    static let pairs = ["shifted", "dilated", "missing_class", "extra_class", "swapped_neighbours", "empty"]

    @Test(arguments: pairs) func countsAndRatiosAreTheGoldenOnes(_ name: String) throws {
        let pair = try #require(try Self.golden().pairs[name])
        let truth = try volume("truth", pair.spacing_ijk_mm)
        let prediction = try volume("prediction." + name, pair.spacing_ijk_mm)
        let matrix = try ConfusionMatrix(truth: truth, prediction: prediction, labelSet: .spine25)
        #expect(pair.classes.count == 25)
        for (label, expected) in pair.classes {
            let counts = matrix.counts(of: try #require(UInt8(label)))
            #expect(counts.presence == Presence(inTruth: expected.in_truth, inPrediction: expected.in_prediction))
            let own: [String: Double?] = [
                "tp": Double(counts.truePositives), "fp": Double(counts.falsePositives), "fn": Double(counts.falseNegatives),
                "tn": Double(counts.trueNegatives), "dice": counts.dice, "iou": counts.intersectionOverUnion,
                "sensitivity": counts.sensitivity, "specificity": counts.specificity, "precision": counts.precision,
                "accuracy": counts.accuracy,
            ]
            for (ratio, value) in own {
                let golden = try #require(expected.overlap[ratio]).value
                #expect((value == nil) == (golden == nil), "\(ratio) of class \(label)")
                #expect(abs((value ?? 0) - (golden ?? 0)) <= 1e-9, "\(ratio) of class \(label)")
            }
        }
        let metrics = try ClassMetrics.all(truth: truth, prediction: prediction, labelSet: .spine25)
        #expect(abs((metrics.meanDiceOfClassesInTruth ?? -1) - pair.mean_dice_over_classes_in_truth) <= 1e-9)
        #expect(abs((metrics.meanDiceOfClassesPresent ?? -1) - pair.mean_dice_over_classes_in_truth_or_prediction) <= 1e-9)
        #expect(abs(matrix.accuracy - pair.voxel_accuracy_all_labels) <= 1e-9)
        #expect(abs((matrix.kappa ?? -1) - pair.kappa_all_labels) <= 1e-9)
    }
}
