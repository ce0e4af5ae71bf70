import Foundation
import Testing
import Threads

@Suite struct OwnThreadTests {
    private struct Failure: Error, Equatable {}

    @Test func aResultComesBackFromAnotherThread() async {
        #expect(await OwnThread.run { Thread.current.name } == "columna.blocks")
    }

    @Test func anErrorComesBackAsItIs() async {
        await #expect(throws: Failure()) { try await OwnThread.run { () throws(Failure) -> Int in throw Failure() } }
    }

    @Test func aThreadWaitsForAsynchronousCode() async throws {
        let sum = try await OwnThread.run {
            try OwnThread.wait {
                await Task.yield()
                return 42
            }
        }
        #expect(sum == 42)
        await #expect(throws: Failure()) {
            try await OwnThread.run { try OwnThread.wait { throw Failure() } }
        }
    }
}
