import Anatomy
import CohortAnalysis
import Metrics
import Statistics
import Testing

@Suite struct SummariesTests {
    private let cohort = Cohort(cases: [
        .of("a", found: [20: 90, 21: 80]), .of("b", found: [20: 70, 21: nil]), .of("c", found: [20: 50]),
        .of("d", found: [:]),
    ])

    private func row(_ rows: [MetricSummary], _ metric: Metric, _ label: UInt8?) throws -> Description? {
        try #require(rows.first { $0.metric == metric && $0.label == label }).description
    }

    @Test func rowsComeInTheOrderAskedFor() {
        let rows = cohort.summaries(metrics: [.iou, .dice], labels: [21, 20], bootstrap: nil)
        #expect(rows.map(\.metric) == [.iou, .iou, .iou, .dice, .dice, .dice])
        #expect(rows.map(\.label) == [21, 20, nil, 21, 20, nil])
        #expect(
            cohort.summaries(labels: LabelSet.spine25.labels.map(\.value), bootstrap: nil).count == Metric.allCases
                .count * 26)
    }

    @Test func missedClassesCountWithDiceZeroAndWithoutDistances() throws {
        let rows = cohort.summaries(labels: [20, 21, 22], bootstrap: nil)
        let dice = try #require(try row(rows, .dice, 21))
        #expect(dice.n == 2 && dice.minimum == 0 && dice.mean == 0.4)
        #expect(try row(rows, .hausdorff95, 21)?.n == 1)
        #expect(try row(rows, .precision, 21)?.n == 1)
        #expect(try row(rows, .dice, 20)?.n == 3)
        #expect(try row(rows, .dice, 22) == nil)
    }

    @Test func casesCountOnceOverClasses() throws {
        let rows = cohort.summaries(labels: [20, 21], bootstrap: nil)
        // Means of the cases: 0.85, 0.35, 0.5; the last has nothing in truth.
        let dice = try #require(try row(rows, .dice, nil))
        #expect(dice.n == 3 && abs(dice.mean - 1.7 / 3) < 1e-15 && abs(dice.median - 0.5) < 1e-15)
        let only = cohort.summaries(metrics: [.dice], labels: [21], bootstrap: nil)
        #expect(only.last?.description?.n == 2 && only.last?.description?.mean == 0.4)
    }

    @Test func madeUpClassesCountForThemselvesButNotOverClasses() throws {
        let spurious = CaseBuilder([(0, 0, 900), (20, 20, 100), (0, 22, 50)]).named("e")
        let rows = Cohort(cases: [spurious]).summaries(labels: [20, 22], bootstrap: nil)
        #expect(try row(rows, .dice, 22)?.mean == 0 && row(rows, .dice, nil)?.mean == 1)
    }

    @Test func orderOfCasesDoesNotChangeABit() {
        var generator = SplitMix64(seed: 5)
        let cases = (0..<40).map { index -> EvaluatedCase in
            let found = (18...22).map { (UInt8($0), Int?.some(Int.random(in: 0...99, using: &generator))) }
            return .of("case-\(index)", found: Dictionary(uniqueKeysWithValues: found))
        }
        let (metrics, bootstrap) = ([Metric.dice, .precision, .volumeError], Bootstrap(resamples: 300))
        let expected = Cohort(cases: cases).summaries(
            metrics: metrics, labels: [18, 19, 20, 21, 22], bootstrap: bootstrap)
        for _ in 0..<5 {
            var shuffled = Cohort(cases: cases)
            shuffled.cases.shuffle(using: &generator)
            #expect(
                shuffled.summaries(metrics: metrics, labels: [18, 19, 20, 21, 22], bootstrap: bootstrap) == expected)
        }
        #expect(expected.allSatisfy { $0.description?.bootstrapInterval != nil })
    }

    @Test func rowsAreThoseOfTheirValuesAlone() throws {
        let bootstrap = Bootstrap(seed: 4, resamples: 400)
        let labels: [UInt8] = [20, 21]
        for row in cohort.summaries(metrics: [.dice, .hausdorff, .volumeError], labels: labels, bootstrap: bootstrap) {
            let values = cohort.cases.compactMap { evaluated in
                row.label.map { evaluated.value(of: row.metric, label: $0) }
                    ?? evaluated.meanOverClasses(of: row.metric, labels: Set(labels))
            }
            #expect(row.description == Description(of: values, bootstrap: bootstrap))
        }
    }

    @Test func noCasesHaveNothingToSay() {
        let rows = Cohort(cases: []).summaries(metrics: [.dice], labels: [1])
        #expect(rows.count == 2 && rows.allSatisfy { $0.description == nil })
    }
}
