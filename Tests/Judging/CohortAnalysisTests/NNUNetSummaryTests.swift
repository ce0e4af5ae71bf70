import Anatomy
import CohortAnalysis
import Foundation
import Metrics
import TestSupport
import Testing
import Volumes

/// The oracle is nnU-Net 2.8's evaluation (Tests/Fixtures/nnunet-summary/make.py).
@Suite struct NNUNetSummaryTests {
    /// To the byte, bare NaN and order of keys included.
    @Test func aSummaryIsNNUNets() throws {
        let cases = try ["c", "a", "b"].map { name in
            func labels(_ what: String) throws -> Volume<UInt8> {
                try NIfTI.readLabels(Fixtures.url("nnunet-summary/\(name)-\(what).nii.gz"))
            }
            // The policy that gives 1 where truth and prediction are empty must not show.
            var options = MetricOptions()
            options.emptyClasses = .misEval
            return EvaluatedCase(
                name: name,
                metrics: try CaseMetrics.measure(
                    truth: labels("truth"), prediction: labels("prediction"), labelSet: .spine25, options: options))
        }
        let expected = try String(contentsOf: Fixtures.url("nnunet-summary/summary.json"), encoding: .utf8)
        #expect(Cohort(cases: cases).nnUNetSummary(labels: Array(20...25)) == expected)
        #expect(expected.contains(": NaN"))
    }
}
