import Foundation
import Testing

/// `make chaos` runs the long form; see ``ChaosPlan``.
@Suite(
    .serialized, .enabled(if: ChaosPlan.canRun, "needs postgresql-15, rabbitmq-server and the built workers"),
    .timeLimit(.minutes(10)))
struct KillTests {
    @Test func killedWorkersBrokerAndDatabaseLoseNoJobAndRepeatNoEffect() async throws {
        let report = try await ChaosRun.perform(try ChaosPlan(ProcessInfo.processInfo.environment))
        print(report.line)
        #expect(report.jobsLost == 0, "unfinished or without effect: \(report.lost)")
        #expect(report.duplicateEffects == 0)
        #expect(report.staleSuccesses == 0, "a worker that was frozen beyond its lease must not end a job")
        #expect(report.frozenJobs > 0, "the frozen worker held no job, so nothing was tried")
        // Three crashes in a row make a job poison by design; an operator's replay brings it back. Many would be a
        // fault.
        #expect(report.poisoned <= report.jobs / 50)
    }
}
