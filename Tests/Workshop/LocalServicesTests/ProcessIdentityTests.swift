import Foundation
import LocalServices
import Testing

struct ProcessIdentityTests {
    @Test func thisProcessRuns() throws {
        let identity = try #require(ProcessIdentity(runningPID: getpid()))
        #expect(identity.isRunning)
        #expect(identity.pid == getpid())
    }

    @Test func reusedPIDIsAnotherProcess() throws {
        let own = try #require(ProcessIdentity(runningPID: getpid()))
        let earlier = ProcessIdentity(pid: own.pid, startTicks: own.startTicks - 1, boot: own.boot)
        #expect(!earlier.isRunning)
    }

    @Test func pidOfAnEarlierBootIsAnotherProcess() throws {
        let own = try #require(ProcessIdentity(runningPID: getpid()))
        #expect(!ProcessIdentity(pid: own.pid, startTicks: own.startTicks, boot: "another boot").isRunning)
    }

    @Test func endedProcessDoesNotRun() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/cat")
        let input = Pipe()
        process.standardInput = input
        try process.run()
        let identity = try #require(ProcessIdentity(runningPID: process.processIdentifier))
        #expect(identity.isRunning)
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(!identity.isRunning)
    }

    @Test func noProcessHasANegativePID() {
        #expect(ProcessIdentity(runningPID: -1) == nil)
    }

    @Test func statLineWithBracketsInTheNameIsRead() throws {
        let line = "17 (a) b (c)) S 5 6 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 123456 10 20"
        let stat = try #require(ProcessStat(line: line))
        #expect(stat.parent == 5)
        #expect(stat.startTicks == 123_456)
        #expect(!stat.isZombie)
    }

    @Test(arguments: ["", "17", "17 (cat)", "17 (cat) S 5", "17 cat S 5 6 7"])
    func brokenStatLineIsNoProcess(line: String) {
        #expect(ProcessStat(line: line) == nil)
    }
}
