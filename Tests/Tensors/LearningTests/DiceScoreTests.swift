import Learning
import Testing

@Suite struct DiceScoreTests {
    @Test func aClassTheTruthLacksIsIgnored() {
        let score = DiceScore(prediction: [0, 1, 1, 2, 3, 0], truth: [0, 1, 2, 2, 0, 4])
        #expect(score[1] == 2.0 * 1 / 3)
        #expect(score[2] == 2.0 * 1 / 3)
        #expect(score[3] == nil)
        #expect(score[4] == 0)
        #expect(score.byClass.keys.sorted() == [1, 2, 4])
    }
}
