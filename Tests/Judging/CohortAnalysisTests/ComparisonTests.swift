import Anatomy
import CohortAnalysis
import Metrics
import Statistics
import Testing

@Suite struct ComparisonTests {
    private let a = Cohort(cases: [
        .of("p", found: [20: 90, 21: 80]), .of("q", found: [20: 80, 21: 70]), .of("r", found: [20: 75, 21: nil]),
        .of("s", found: [20: 90]),
    ])
    private let b = Cohort(cases: [
        .of("r", found: [20: 60, 21: 40]), .of("p", found: [20: 80, 21: 60]), .of("q", found: [20: 75, 21: 65]),
        .of("t", found: [20: 10]),
    ])

    private func row(_ metric: Metric, _ label: UInt8?) throws -> MetricComparison {
        let rows = CohortComparison.compare(a, b, labels: [20, 21], metrics: [metric], bootstrap: nil)
        return try #require(rows.first { $0.label == label })
    }

    private func isClose(_ value: Double?, _ expected: Double) -> Bool {
        value.map { abs($0 - expected) < 1e-15 } ?? false
    }

    @Test func casesArePairedByName() throws {
        let row = try row(.dice, 20)
        #expect(row.a?.n == 4 && row.b?.n == 4 && row.pairs == 3)
        let pairs = try #require(PairedSample([(0.9, 0.8), (0.8, 0.75), (0.75, 0.6)]))
        #expect(
            row.meanDifference == pairs.meanDifference && row.paired == pairs.tTest && row.wilcoxon == pairs.wilcoxon)
        #expect(row.effectSize == pairs.effectSize)
        #expect(row.student == TestResult.student([0.9, 0.8, 0.75, 0.9], [0.6, 0.8, 0.75, 0.1]))
        #expect(row.welch == TestResult.welch([0.9, 0.8, 0.75, 0.9], [0.6, 0.8, 0.75, 0.1]))
    }

    @Test func aMissedClassIsAPairOfRatiosButNotOfDistances() throws {
        // r: A missed class 21, B found it with 0.4.
        let dice = try row(.dice, 21)
        #expect(dice.pairs == 3 && isClose(dice.meanDifference, (0.2 + 0.05 - 0.4) / 3))
        for metric in [Metric.hausdorff95, .precision] {
            let row = try row(metric, 21)
            #expect(row.a?.n == 2 && row.b?.n == 3 && row.pairs == 2)
        }
    }

    @Test func overClassesBothModelsStandForTheSameClasses() throws {
        let dice = try row(.dice, nil)
        // p 0.85 − 0.7, q 0.75 − 0.7, r 0.375 − 0.5
        #expect(dice.pairs == 3 && isClose(dice.meanDifference, (0.15 + 0.05 - 0.125) / 3))
        // Precision of r counts class 20 alone: 0.75 − 0.6. B's own mean there is (0.6 + 0.4) / 2.
        let precision = try row(.precision, nil)
        #expect(isClose(precision.meanDifference, (0.15 + 0.05 + 0.15) / 3))
        #expect(precision.b?.minimum == 0.1 && precision.b?.lowerQuartile == 0.4)
    }

    @Test func holmRunsOverTheClassesOfAMetric() throws {
        var generator = SplitMix64(seed: 11)
        let labels: [UInt8] = [3, 4, 5, 6, 7]
        func cohort(_ bonus: Int) -> Cohort {
            Cohort(
                cases: (0..<12).map { index in
                    .of(
                        "\(index)",
                        found: Dictionary(
                            uniqueKeysWithValues: labels.map {
                                ($0, Int?.some(Int.random(in: 40...70, using: &generator) + bonus))
                            }))
                })
        }
        let rows = CohortComparison.compare(
            cohort(12), cohort(0), labels: labels + [25], metrics: [.dice, .iou], bootstrap: nil)
        for metric in [Metric.dice, .iou] {
            let classes = rows.filter { $0.metric == metric && $0.label != nil }
            #expect(classes.count == 6 && classes.last?.paired == nil)
            #expect(classes.map(\.pairedHolm) == Holm.adjusted(classes.map { $0.paired?.p }))
            #expect(classes.map(\.wilcoxonHolm) == Holm.adjusted(classes.map { $0.wilcoxon?.p }))
            #expect(classes.prefix(5).allSatisfy { ($0.pairedHolm ?? -1) >= ($0.paired?.p ?? 2) })
            let over = try #require(rows.first { $0.metric == metric && $0.label == nil })
            #expect(over.paired != nil && over.pairedHolm == nil && over.wilcoxonHolm == nil)
        }
    }

    @Test func swappingTheModelsTurnsSigns() throws {
        let there = CohortComparison.compare(a, b, labels: [20, 21], metrics: [.dice, .assd], bootstrap: nil)
        let back = CohortComparison.compare(b, a, labels: [20, 21], metrics: [.dice, .assd], bootstrap: nil)
        #expect(there.count == back.count)
        for (first, second) in zip(there, back) {
            #expect(first.a == second.b && first.pairs == second.pairs)
            #expect(first.meanDifference == second.meanDifference.map { -$0 })
            #expect(
                first.student?.statistic == second.student.map { -$0.statistic }
                    && first.student?.p == second.student?.p)
        }
    }

    @Test func aModelAgainstItselfHasNoTest() throws {
        for row in CohortComparison.compare(a, a, labels: [20, 21], bootstrap: nil) {
            #expect(row.paired == nil && row.wilcoxon == nil && row.effectSize == nil && row.meanDifference ?? 0 == 0)
        }
    }

    @Test func repeatedNamesMakeNoPair() throws {
        let twice = Cohort(cases: b.cases + [.of("p", found: [20: 5])])
        let rows = CohortComparison.compare(a, twice, labels: [20], metrics: [.dice], bootstrap: nil)
        #expect(rows.first?.pairs == 2 && rows.first?.b?.n == 5)
    }

    @Test func orderOfCasesDoesNotChangeABit() {
        var generator = SplitMix64(seed: 2)
        let expected = CohortComparison.compare(a, b, labels: [20, 21], bootstrap: Bootstrap(resamples: 200))
        for _ in 0..<5 {
            var (first, second) = (a, b)
            first.cases.shuffle(using: &generator)
            second.cases.shuffle(using: &generator)
            #expect(
                CohortComparison.compare(first, second, labels: [20, 21], bootstrap: Bootstrap(resamples: 200))
                    == expected)
        }
    }

    @Test func cohortsWithoutCommonCasesHaveNoPairs() {
        let other = Cohort(cases: [.of("x", found: [20: 30]), .of("y", found: [20: 40])])
        let row = CohortComparison.compare(a, other, labels: [20], metrics: [.dice], bootstrap: nil).first
        #expect(row?.pairs == 0 && row?.meanDifference == nil && row?.paired == nil && row?.student != nil)
    }
}
