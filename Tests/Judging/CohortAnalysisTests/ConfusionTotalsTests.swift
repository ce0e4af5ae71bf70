import Anatomy
import CohortAnalysis
import Metrics
import Testing

@Suite struct ConfusionTotalsTests {
    private let cohort = Cohort(cases: [
        CaseBuilder([(0, 0, 500), (20, 20, 60), (20, 21, 20), (0, 20, 5)]).named("a"),
        CaseBuilder([(0, 0, 300), (20, 20, 10), (20, 0, 10), (21, 20, 7), (21, 21, 21)]).named("b"),
    ])

    @Test func voxelsAddUpOverCases() {
        let totals = ConfusionTotals(of: cohort, labelSet: .spine25)
        #expect(totals.labels == Array(0...25) && totals.voxels.count == 26 * 26)
        #expect(totals.voxels(truth: 0, prediction: 0) == 800 && totals.voxels(truth: 20, prediction: 20) == 70)
        #expect(totals.voxels(truth: 20, prediction: 21) == 20 && totals.voxels(truth: 21, prediction: 20) == 7)
        #expect(totals.voxels.reduce(0, +) == cohort.cases.flatMap(\.metrics.confusion).reduce(0) { $0 + $1.voxels })
    }

    @Test func sharesOfARowAddUpToOne() throws {
        let totals = ConfusionTotals(of: cohort, labelSet: .spine25)
        #expect(totals.share(truth: 20, prediction: 20) == 0.7 && totals.share(truth: 21, prediction: 20) == 0.25)
        #expect(totals.share(truth: 1, prediction: 1) == nil)
        let shares = totals.shares
        for row in totals.labels.indices {
            let values = shares[row * 26..<row * 26 + 26]
            if [0, 20, 21].contains(row) {
                #expect(abs(values.compactMap { $0 }.reduce(0, +) - 1) < 1e-15)
            } else {
                #expect(values.allSatisfy { $0 == nil })
            }
            for column in totals.labels.indices {
                #expect(shares[row * 26 + column] == totals.share(truth: UInt8(row), prediction: UInt8(column)))
            }
        }
    }

    @Test func labelsBeyondTheSetAreKept() {
        let totals = ConfusionTotals(
            of: Cohort(cases: [CaseBuilder([(24, 25, 3), (25, 25, 4)]).named("a")]), labelSet: .spine24)
        #expect(totals.labels.count == 26 && totals.voxels(truth: 24, prediction: 25) == 3)
        #expect(totals.voxels(truth: 99, prediction: 25) == 0 && totals.share(truth: 99, prediction: 1) == nil)
    }
}
