import Anatomy
import CohortAnalysis
import Metrics
import Testing

@Suite struct BadCasesTests {
    private func reasons(_ builder: CaseBuilder) -> [BadCase.Reason] {
        BadCases.worst(in: Cohort(cases: [builder.named("x")]), count: 1, labelSet: .spine25).flatMap(\.reasons)
    }

    @Test func theLowestDiceComesFirst() {
        let cohort = Cohort(cases: [
            .of("good", found: [20: 95]), .of("middling", found: [20: 50, 21: 75]),
            .of("bad", found: [20: nil, 21: 40]),
            .of("empty", found: [:]),
        ])
        let worst = BadCases.worst(in: cohort, count: 3, labelSet: .spine25)
        #expect(worst.map(\.name) == ["bad", "middling", "good"])
        #expect(worst.map(\.worstLabel) == [20, 20, 20])
        #expect(worst.map(\.dice) == [0.2, 0.625, 0.95])
        #expect(worst.last?.reasons == [])
        #expect(BadCases.worst(in: cohort, count: 9, labelSet: .spine25).map(\.name).last == "empty")
        #expect(BadCases.worst(in: cohort, count: 0, labelSet: .spine25).isEmpty)
    }

    @Test func equallyBadCasesComeByWeightThenName() {
        let one = CaseBuilder([(0, 0, 900), (20, 20, 100)])
        var two = one
        two.confusion.append(ConfusionEntry(truth: 0, prediction: 3, voxels: 90))
        let cohort = Cohort(cases: [one.named("c"), two.named("b"), one.named("a")])
        #expect(BadCases.worst(in: cohort, count: 3, labelSet: .spine25).map(\.name) == ["b", "a", "c"])
    }

    @Test func missedClassesAreNamed() {
        let found = reasons(CaseBuilder([(0, 0, 900), (20, 0, 312), (21, 21, 100), (22, 22, 5), (22, 0, 95)]))
        #expect(found.map(\.cause) == [.missed, .missed] && found.map(\.label) == [20, 22])
        #expect(found.first?.text == "L1, 3.1 mL in truth, was not found")
        #expect(found.last?.text == "of L3 5 % was found")
    }

    @Test func aSpineLabelledOffIsOneReason() {
        var builder = CaseBuilder([(0, 0, 900), (20, 21, 100), (21, 22, 100), (22, 23, 90), (22, 0, 10)])
        builder.labelShift = 1
        let found = reasons(builder)
        #expect(
            found == [
                BadCase.Reason(
                    cause: .shiftedLabel, label: nil, text: "all labels are off by +1 vertebra (L1 is called L2)")
            ])
        builder.labelShift = -2
        builder.confusion = [(20, 18, 100), (21, 19, 100)].map {
            ConfusionEntry(truth: $0.0, prediction: $0.1, voxels: $0.2)
        }
        #expect(reasons(builder).map(\.text) == ["all labels are off by −2 vertebrae (L1 is called T11)"])
    }

    @Test func aVertebraWithAnothersNameIsShifted() {
        // L1's own border is not to blame for the voxels of T12 that bear its name.
        var builder = CaseBuilder([(0, 0, 900), (19, 19, 34), (19, 20, 66), (20, 20, 100)])
        builder.reach = [20: 30]
        #expect(reasons(builder) == [BadCase.Reason(cause: .shiftedLabel, label: 19, text: "66 % of T12 is called L1")])
        // Its name made up: no second reason for it.
        let renamed = reasons(CaseBuilder([(0, 0, 900), (19, 18, 100), (20, 20, 100), (0, 18, 10)]))
        #expect(renamed.map(\.cause) == [.shiftedLabel] && renamed.first?.text == "100 % of T12 is called T11")
    }

    @Test func madeUpClassesAreSpurious() {
        let found = reasons(CaseBuilder([(0, 0, 900), (20, 20, 100), (20, 7, 2), (0, 7, 18)]))
        #expect(
            found == [
                BadCase.Reason(
                    cause: .spurious, label: 7,
                    text: "C7 is not in truth but predicted with 0.2 mL, 90 % of it in the background")
            ])
        // Without any truth, too, and then the case counts as bad.
        let spurious = CaseBuilder([(0, 0, 900), (0, 7, 18)]).named("spurious")
        let cohort = Cohort(cases: [spurious, .of("poor", found: [20: 10]), .of("empty", found: [:])])
        let worst = BadCases.worst(in: cohort, count: 3, labelSet: .spine25)
        #expect(worst.map(\.name) == ["spurious", "poor", "empty"])
        #expect(worst.first?.worstLabel == 7 && worst.first?.dice == nil)
    }

    @Test func farVoxelsLeak() {
        var builder = CaseBuilder([(0, 0, 900), (20, 20, 100), (0, 20, 3)])
        #expect(reasons(builder).isEmpty)
        builder.reach = [20: 64.25]
        #expect(
            reasons(builder) == [
                BadCase.Reason(
                    cause: .leakage, label: 20,
                    text: "L1 takes background of 3 % of its size, up to 64.3 mm from it, its Dice is 0.985")
            ])
        // Much of the background, moderately far.
        builder = CaseBuilder([(0, 0, 900), (20, 20, 100), (0, 20, 40)])
        builder.reach = [20: 12]
        #expect(reasons(builder).map(\.cause) == [.leakage])
        // As much of it along the border is only inaccurate, and here even good enough.
        builder.reach = [:]
        #expect(reasons(builder).isEmpty)
    }

    @Test func classesCutByTheEdgeAreExcused() {
        var builder = CaseBuilder([(0, 0, 900), (8, 0, 100), (20, 20, 40), (20, 0, 60), (21, 21, 75), (21, 0, 25)])
        builder.atBorder = [8, 20, 21]
        let found = reasons(builder)
        #expect(
            found.map(\.cause) == [.truncatedFieldOfView, .truncatedFieldOfView],
            "a sliver that was not found is not called missed")
        #expect(found.map(\.label) == [8, 20])
        #expect(found.first?.text.hasSuffix("was not found; the edge of the volume cuts it") == true)
        #expect(found.last?.text == "L1 is cut by the edge of the volume, its Dice is 0.571")
    }

    @Test func poorBordersAreTheRest() {
        let found = reasons(CaseBuilder([(0, 0, 900), (20, 20, 60), (20, 0, 40)]))
        #expect(
            found == [
                BadCase.Reason(
                    cause: .inaccurateBorder, label: 20,
                    text: "the Dice of L1 is 0.750, its 95 % Hausdorff distance 2.0 mm, its volume 40 % too small")
            ])
    }

    @Test func theWeightiestReasonComesFirst() {
        let found = reasons(
            CaseBuilder([
                (0, 0, 900), (18, 18, 60), (18, 0, 40), (19, 0, 100), (20, 20, 30), (20, 21, 70), (21, 21, 100),
                (0, 2, 10),
            ]))
        #expect(found.map(\.cause) == [.missed, .shiftedLabel, .inaccurateBorder, .spurious])
        #expect(found.map(\.label) == [19, 20, 18, 2])
    }

    @Test func orderOfCasesDoesNotMatter() {
        var generator = SystemRandomNumberGenerator()
        let cases = (0..<30).map { index in
            EvaluatedCase.of(
                "n\(index % 10)-\(index / 10)", found: [20: index % 7 * 10, 21: index % 3 == 0 ? nil : 50])
        }
        let expected = BadCases.worst(in: Cohort(cases: cases), count: 12, labelSet: .spine25)
        var shuffled = Cohort(cases: cases)
        shuffled.cases.shuffle(using: &generator)
        #expect(BadCases.worst(in: shuffled, count: 12, labelSet: .spine25) == expected)
    }
}
