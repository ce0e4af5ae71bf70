import Documents
import Testing

@Suite struct SpellingTests {
    private static let known = ["epochs", "learningRate", "batchSize", "patch", "patience"]

    @Test(arguments: [
        ("epoch", "epochs"), ("learningrate", "learningRate"), ("lerningRate", "learningRate"),
        ("bacthSize", "batchSize"),
        ("pacth", "patch"), ("Patience", "patience"),
    ])
    func namesTheWordThatIsMeant(misspelt: String, meant: String) {
        #expect(Spelling.nearest(to: misspelt, among: Self.known) == meant)
    }

    @Test(arguments: ["", "momentum", "x", "dropout"]) func saysNothingWhereNoneIsNear(word: String) {
        #expect(Spelling.nearest(to: word, among: Self.known) == nil)
    }
}
