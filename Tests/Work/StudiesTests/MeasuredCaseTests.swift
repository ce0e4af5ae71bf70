import Anatomy
import Documents
import Foundation
import Metrics
import Studies
import TestSupport
import Testing
import Volumes

/// What is measured, what is stored and what is read again are the same.
@Suite struct MeasuredCaseTests {
    /// L1 moved by a voxel, L2 missed, a fleck of L3 that the truth has not.
    private static func metrics() throws -> CaseMetrics {
        let geometry = Geometry(size: [12, 10, 14], affine: Affine(spacingInMillimetres: [1.5, 1.5, 2.5]))
        var truth = Volume<UInt8>(geometry: geometry, repeating: 0)
        var prediction = truth
        for k in 1..<5 {
            for j in 2..<7 {
                for i in 2..<8 {
                    truth[i, j, k] = 20
                    prediction[i + 1, j, k] = 20
                    truth[i, j, k + 6] = 21
                }
            }
        }
        prediction[0, 9, 13] = 22
        return try CaseMetrics.measure(truth: truth, prediction: prediction, labelSet: .spine25)
    }

    @Test func metricsComeBackFromTheirRowsAsTheyWere() throws {
        let metrics = try Self.metrics()
        let json = try CanonicalJSON.string(MeasuredCase(caseName: "case-1", metrics: metrics))
        let rows = try CanonicalJSON.decode(MeasurementRows.self, from: json)
        #expect(rows.metrics(metrics.options) == metrics)
    }

    @Test func rowsHaveTheNamesOfTheColumns() throws {
        let case1 = MeasuredCase(caseName: "case-1", modelVersion: "spine@1", metrics: try Self.metrics())
        let document = try #require(
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(case1)) as? [String: Any])
        #expect(
            Set(document.keys) == [
                "caseName", "variant", "modelVersion", "optionsJSON", "summary", "classes", "distances", "agreements",
                "confusion",
            ])
        func rows(_ key: String, of label: Int) -> [[String: Any]] {
            (document[key] as? [[String: Any]] ?? []).filter { $0["class_value"] as? Int == label }
        }
        #expect(
            Set(rows("classes", of: 20).flatMap(\.keys)).isSuperset(of: [
                "class_value", "class_name", "in_truth", "in_prediction", "true_positives", "false_positives",
                "false_negatives", "true_negatives", "dice", "iou", "sensitivity", "specificity", "precision",
                "accuracy", "auc", "kappa", "truth_volume_ml", "predicted_volume_ml", "centroid_distance_mm",
                "touches_border",
            ]))
        let distances = rows("distances", of: 20)
        #expect(
            distances.map { "\($0["surface"] ?? "") \($0["direction"] ?? "")" } == [
                "voxel truth-to-predicted", "voxel predicted-to-truth", "mesh truth-to-predicted",
                "mesh predicted-to-truth",
            ])
        #expect(
            Set(distances[0].keys) == [
                "class_value", "surface", "direction", "maximum", "percentile95", "mean", "root_mean_square", "points",
            ])
        #expect(rows("distances", of: 21).isEmpty, "there is no distance to what was missed")
        #expect(
            Set(rows("agreements", of: 20).flatMap(\.keys)) == [
                "class_value", "tolerance_mm", "boundary_f1", "normalized_surface_dice",
            ])
    }
}
