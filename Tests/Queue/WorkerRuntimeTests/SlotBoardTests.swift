import Testing
import WorkerRuntime

@Suite struct SlotBoardTests {
    @Test func looksForWorkAtStart() {
        var board = SlotBoard(slots: 2)
        #expect(board.workMayBeThere() == .claim(limit: 2))
    }

    @Test func claimsOnceAtATimeButRemembersAWakeUpDuringTheClaim() {
        var board = SlotBoard(slots: 4)
        #expect(board.workMayBeThere() == .claim(limit: 4))
        #expect(board.workMayBeThere() == .wait)
        #expect(board.claimFinished(claimed: 1, limit: 4) == .claim(limit: 3))
        #expect(board.claimFinished(claimed: 0, limit: 3) == .wait)
    }

    @Test func claimsAgainAfterAFullCatchAndRestsAfterAPartialOne() {
        var board = SlotBoard(slots: 2)
        _ = board.workMayBeThere()
        #expect(board.claimFinished(claimed: 2, limit: 2) == .wait)
        #expect(board.isFull)
        // The full catch hinted at more: the first free slot looks again.
        #expect(board.jobFinished() == .claim(limit: 1))
        #expect(board.claimFinished(claimed: 0, limit: 1) == .wait)
        #expect(!board.isFull)
    }

    @Test func claimsNothingWhileFull() {
        var board = SlotBoard(slots: 1)
        _ = board.workMayBeThere()
        _ = board.claimFinished(claimed: 1, limit: 1)
        #expect(board.workMayBeThere() == .wait)
    }

    @Test func triesAgainAfterAClaimThatFailed() {
        var board = SlotBoard(slots: 1)
        _ = board.workMayBeThere()
        board.claimFailed()
        #expect(board.workMayBeThere() == .claim(limit: 1))
    }

    @Test func claimsNothingWhileDraining() {
        var board = SlotBoard(slots: 1)
        _ = board.workMayBeThere()
        _ = board.claimFinished(claimed: 1, limit: 1)
        board.drain()
        #expect(board.jobFinished() == .wait)
        #expect(board.isIdle)
    }
}
