import Console
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
}
