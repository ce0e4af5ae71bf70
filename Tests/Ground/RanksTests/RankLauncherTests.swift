import Faults
import Foundation
import Ranks
import Testing

/// In the place of `mpirun` stand scripts.
@Suite(.timeLimit(.minutes(1))) struct RankLauncherTests {
    private static func launched(_ script: String, secondsToEnd: Double = 10) throws -> RankLauncher {
        try RankLauncher(
            "/bin/sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin"], secondsToEnd: secondsToEnd)
    }

    private static var patience: ContinuousClock.Instant { .now + .seconds(20) }

    /// More than a pipe takes.
    private static let long = String(repeating: "order ", count: 100_000)

    @Test func linesGoThereAndBackInOrderHoweverLong() throws {
        let ranks = try Self.launched("cat")
        defer { ranks.end() }
        ranks.tell(Self.long)
        ranks.tell("stop")
        #expect(ranks.next(until: Self.patience) == .line(Self.long))
        #expect(ranks.next(until: Self.patience) == .line("stop"))
        #expect(ranks.next(until: .now + .milliseconds(1)) == .nothing)
    }

    @Test func aLauncherThatReadsNothingHoldsNobodyUp() throws {
        let ranks = try Self.launched("exec sleep 1000")
        ranks.tell(Self.long)
        #expect(ranks.next(until: .now + .milliseconds(50)) == .nothing)
        ranks.end()
        #expect(ranks.next(until: Self.patience) == .end)
    }

    /// Whoever waits for something else than its lines is not kept waiting by them.
    @Test func aLauncherThatTalksWithoutEndIsListenedToUntilThen() throws {
        let ranks = try Self.launched("exec yes")
        defer { ranks.end() }
        #expect(ranks.next(until: Self.patience) == .line("y"))
        let due = ContinuousClock.now + .milliseconds(50)
        while case .line = ranks.next(until: due) {}
        #expect(ranks.next(until: due) == .nothing)
    }

    @Test func whatIsToldToRanksThatAreGoneIsLost() throws {
        let ranks = try Self.launched("echo here; exec <&-; read never")
        #expect(ranks.next(until: Self.patience) == .line("here"))
        #expect(ranks.next(until: Self.patience) == .end)
        ranks.tell(Self.long)
        #expect(ranks.next(until: Self.patience) == .end)
        ranks.leave()
        ranks.end()
    }

    /// As `mpirun` may that waits for ranks which do not come up.
    @Test(arguments: ["", "trap '' TERM; "]) func aLauncherThatHangsEndsWithItsChildren(_ deafness: String) async throws
    {
        let ranks = try Self.launched(
            deafness + "sleep 1000 & echo $!; echo $$; while true; do wait; done", secondsToEnd: 0.2)
        var processes: [pid_t] = []
        for _ in 1...2 {
            guard case .line(let text) = ranks.next(until: Self.patience) else { break }
            processes.append(try #require(pid_t(text)))
        }
        #expect(processes.count == 2 && processes.allSatisfy { Self.isAlive($0) })
        ranks.end()
        #expect(ranks.next(until: Self.patience) == .end)
        // The pipe's other end is closed before they are gone altogether.
        while processes.contains(where: Self.isAlive) { try await Task.sleep(for: .milliseconds(5)) }
    }

    /// One that is dead and that nobody has asked after is not.
    private static func isAlive(_ process: pid_t) -> Bool {
        let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        return state.map { !$0.contains(") Z ") } ?? false
    }

    @Test func whatCannotBeStartedIsSaid() {
        let error = #expect(throws: RankError.self) {
            _ = try RankLauncher("/nowhere/mpirun", arguments: [], environment: [:])
        }
        #expect(error?.code == .notStarted && error?.description.contains("/nowhere/mpirun cannot be started") == true)
    }
}
