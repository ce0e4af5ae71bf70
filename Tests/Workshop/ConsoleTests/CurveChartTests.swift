import Console
import Studies
import Testing

@Suite struct CurveChartTests {
    @Test func aFallingLineGoesFromTheTopLeftToTheBottomRight() {
        let lines = CurveChart("loss", [4, 3, 2, 1]).lines(width: 20, height: 1)
        // Four dots in two cells, each one lower and further right than the one before.
        #expect(lines == ["loss 1.000", "4.000 ⠑⢄"])
    }

    @Test func theAxisSaysTheHighestAndTheLowestValue() {
        let lines = CurveChart("loss", [10, 0.5]).lines(width: 30, height: 3)
        #expect(lines.count == 4)
        #expect(lines[1].hasPrefix("10.000 ") && lines[3].hasPrefix(" 0.500 "))
    }

    @Test func manyValuesAreNoWiderThanTheScreen() {
        let lines = CurveChart("loss", (0..<5000).map { 1 / Double($0 + 1) }).lines(width: 40, height: 4)
        #expect(lines.allSatisfy { $0.count <= 40 } && lines.count == 5)
    }

    @Test func valuesThatAreMissingOrNoNumbersLeaveHoles() {
        #expect(CurveChart("Dice", [nil, .nan]).lines(width: 20, height: 3) == ["Dice -"])
        let lines = CurveChart("Dice", [0.5, nil, .infinity, nil, 0.5]).lines(width: 20, height: 1)
        #expect(lines == ["Dice 0.500", "0.500 ⠄ ⠄"])
    }

    @Test func aTrainingShowsTheLossOnValidationPatchesWhereItHasSome() {
        func titles(_ change: (inout EpochMetrics) -> Void) -> [String] {
            let epochs = (1...2).map { number in
                var epoch = EpochMetrics(
                    epoch: number, trainingLoss: Double(number), validationDice: nil, learningRate: 0.1, seconds: 1)
                change(&epoch)
                return epoch
            }
            return CurveChart.training(epochs).map { $0.lines(width: 40, height: 1)[0] }
        }
        #expect(titles { $0.validationDice = 0.5 } == ["loss 2.000", "validation Dice 0.500"])
        let patches = titles { ($0.validationLoss, $0.pseudoDice) = (Double($0.epoch) / 4, ["20": 0.75]) }
        #expect(patches == ["loss 2.000", "loss on validation patches 0.500", "Dice on patches 0.750"])
    }
}
