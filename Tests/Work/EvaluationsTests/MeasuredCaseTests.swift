import Anatomy
import Evaluations
import JobEngine
import Metrics
import Studies
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
        let stored = try MeasuredCase(metrics, caseName: "case-1", modelVersion: "spine@1")
        #expect(stored.metrics() == metrics)
        #expect(stored.classes.count == 25)
        #expect(stored.distances.filter { $0.classValue == 20 }.count == 4, "voxel and mesh, both ways")
        #expect(!stored.distances.contains { $0.classValue == 21 }, "there is no distance to what was missed")
    }

    @Test func rowsOfAnotherVersionReadWithTheDefaults() throws {
        var stored = try MeasuredCase(try Self.metrics(), caseName: "case-1")
        stored.optionsJSON = "{}"
        #expect(stored.metrics().options == MetricOptions())
    }
}
