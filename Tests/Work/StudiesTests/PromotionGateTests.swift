import JobEngine
import Studies
import TestSupport
import Testing

@Suite struct PromotionGateTests {
    /// Mean difference of the candidate, p of the paired test, whether it passes.
    @Test(
        arguments: [
            (0.02, 0.001, true), (0.02, nil, true), (0, nil, true), (-0.02, 0.3, true), (-0.02, 0.05, true),
            (-0.02, 0.049, false), (-0.02, nil, false), (nil, nil, false),
        ] as [(Double?, Double?, Bool)])
    func aCandidateIsRefusedWhereItIsLowerAndChanceDoesNotExplainIt(
        _ difference: Double?, _ p: Double?, _ isPassed: Bool
    ) {
        let gate = PromotionGate(
            candidate: "spine@2", standing: "spine@1", comparison: ComparisonID(), dataSet: "lumbar", split: "test",
            pairs: 9, meanDifference: difference, p: p)
        #expect(gate.isPassed == isPassed)
    }
}
