import CohortAnalysis
import Metrics
import Statistics
import Testing

@Suite struct IdentificationSummaryTests {
    private func evaluated(_ name: String, rate: Double?, precision: Double?, recall: Double?, shift: Int?)
        -> EvaluatedCase
    {
        var metrics = CaseBuilder([(0, 0, 10)]).metrics()
        metrics.identification = Identification(
            identificationRate: rate, detectionPrecision: precision, detectionRecall: recall, labelShift: shift)
        return EvaluatedCase(name: name, metrics: metrics)
    }

    @Test func casesCountOnceAndShiftsAreCounted() {
        let summary = IdentificationSummary(
            of: Cohort(cases: [
                evaluated("a", rate: 1, precision: 1, recall: 0.5, shift: 2),
                evaluated("b", rate: 0, precision: 0.5, recall: 0.25, shift: -1),
                evaluated("c", rate: 0.5, precision: nil, recall: 0, shift: 2),
                evaluated("d", rate: nil, precision: 0, recall: nil, shift: nil),
            ]), bootstrap: nil)
        #expect(summary.identificationRate?.n == 3 && summary.identificationRate?.mean == 0.5)
        #expect(summary.detectionPrecision?.n == 3 && summary.detectionPrecision?.mean == 0.5)
        #expect(summary.detectionRecall?.n == 3 && summary.detectionRecall?.mean == 0.25)
        #expect(summary.shifts == [.init(vertebrae: -1, cases: 1), .init(vertebrae: 2, cases: 2)])
    }

    @Test func noCasesHaveNoShares() {
        let summary = IdentificationSummary(of: Cohort(cases: []))
        #expect(summary.identificationRate == nil && summary.shifts.isEmpty)
    }
}
