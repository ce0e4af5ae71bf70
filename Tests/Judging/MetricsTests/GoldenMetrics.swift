import Foundation
import Metrics
import TestSupport
import Testing
import Volumes

/// Six predictions against one truth and what other libraries say of them (golden/README.md of the shared reference
/// data; Tests/Fixtures/metrics).
struct GoldenMetrics: Decodable {
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
        var miseval: [String: Number]
        var boundary_voxels: Boundary?
        var surface_distance: [String: Number]?
    }
    struct Boundary: Decodable {
        struct F1: Decodable { var f1: Double }
        var hausdorff: Double
        var hausdorff95_max_of_directed: Double
        var average_truth_to_predicted: Double
        var average_predicted_to_truth: Double
        var average_max_of_directed: Double
        var average_pooled: Double
        var boundary_f1_by_tolerance_mm: [String: F1]
    }
    /// JSON has no NaN; the golden files write it as a string.
    struct Number: Decodable {
        var value: Double?

        init(from decoder: any Decoder) throws { value = try? decoder.singleValueContainer().decode(Double.self) }
    }
    var pairs: [String: Pair]

    static let names = ["shifted", "dilated", "missing_class", "extra_class", "swapped_neighbours", "empty"]

    static func pair(_ name: String) throws -> Pair {
        try #require(
            try JSONDecoder().decode(Self.self, from: Data(contentsOf: Fixtures.url("metrics/metrics.json"))).pairs[
                name])
    }

    /// On a grid of this spacing, or of this affine's.
    static func volume(_ name: String, _ affine: Affine) throws -> Volume<UInt8> {
        let labels = try NIfTI.readLabels(Fixtures.url("metrics/\(name).nii.gz"))
        return Volume(geometry: Geometry(size: labels.geometry.size, affine: affine), voxels: labels.voxels)
    }
}
