import Foundation
import JobEngine
import Persistence
import Studies
import Synchronization
import TestSupport
import Testing
import WorkerRuntime

/// What becomes of jobs while an archive that they need is away.
@Suite(.enabled(if: ScriptedWorker.isPossible), .timeLimit(.minutes(2)))
struct DependencyTests {
    @Test func jobsOfAnArchiveThatIsAwayAreHeldWhileOthersGoOnAndAreReleasedWhenItAnswers() async throws {
        try await ScriptedWorker.withSystem { database, storage in
            let isBack = Mutex(false)
            let worker = try ScriptedWorker(
                database, storage: storage, dependency: { $0.tenant == "ward" ? "archive:pacs" : nil }
            ) { job in
                guard job.record.tenant == "clinic" || isBack.withLock({ $0 }) else {
                    throw JobFailure(
                        class: .transient, code: "archive-unreachable", reason: "the archive refuses connections")
                }
                return Completion(summary: "delivered")
            }
            let held = (1...8).map { _ in JobRequest(kind: Rehearsal.kind, tenant: "ward") }
            let others = (1...4).map { _ in JobRequest(kind: Rehearsal.kind, tenant: "clinic") }
            _ = try await worker.store.enqueue(held + others)
            // Two fail before the breaker opens, the third and the others are held, and then those two as well.
            await worker.log.wait(for: "info job held", count: 8)
            await worker.log.wait(for: "debug job succeeded", count: 4)
            let away = try #require(try await worker.store.dependencies().first)
            #expect(away.name == "archive:pacs")
            #expect(away.openedAt != nil)

            isBack.withLock { $0 = true }
            try await worker.store.recordSuccess(of: "archive:pacs")
            await worker.log.wait(for: "debug job succeeded", count: 12)
            await worker.stop()
            for request in held {
                let job = try #require(try await worker.store.job(request.id))
                #expect(job.state == .succeeded)
                #expect(job.attempt <= 2)
            }
            #expect(try await worker.store.dependencies().isEmpty)
        }
    }

    /// An archive that was away, and whose next try is due: what comes of jobs that then end in one way or another.
    @Test(arguments: [("archive-refused-by-peer", false), ("segmentation-not-judged", true)])
    func aProbeThatIsAnsweredWithNoClosesTheBreakerAndOneThatFailsBeforeItAsksIsGivenBack(_ code: String, isAway: Bool)
        async throws
    {
        try await afterProbes(ending: "warning attempt failed") { _ in
            throw JobFailure(class: .data, code: code, reason: "no")
        } expect: { dependencies in
            #expect(dependencies.map(\.failures) == (isAway ? [3] : []))
        }
    }

    /// As behind a proxy that fails for an archive that is away.
    @Test(arguments: [("archive-server-failure", JobFailure.Class.transient), ("archive-not-found", .data)])
    func aProbeThatTellsNothingOfTheArchiveIsUsedUpAndTheNextJobIsHeld(_ code: String, _ failureClass: JobFailure.Class)
        async throws
    {
        try await afterProbes(ending: "info job held", count: 1) { _ in
            throw JobFailure(class: failureClass, code: code, reason: "status")
        } expect: { dependencies in
            #expect(dependencies.map(\.failures) == [3])
        }
    }

    @Test func aProbeThatEndsWithoutAskingTheArchiveIsGivenBack() async throws {
        try await afterProbes(ending: "debug job succeeded") { _ in
            Completion(summary: "held for review", askedDependency: false)
        } expect: { dependencies in
            #expect(dependencies.map(\.failures) == [3])
        }
    }

    /// Two jobs, one after the other: where the first never asks the archive, its probe is the second's.
    private func afterProbes(
        ending line: String, count: Int = 2, _ handler: @escaping @Sendable (JobContext) async throws -> Completion,
        expect: ([DependencyRecord]) throws -> Void
    ) async throws {
        try await ScriptedWorker.withSystem { database, storage in
            let worker = try ScriptedWorker(
                database, storage: storage, dependency: { _ in "archive:pacs" }, handler: handler)
            try await database.runScript(
                "INSERT INTO columna.dependencies (name, failures, opened_at, probe_at, reason) VALUES ('archive:pacs', 3, now(), now(), 'it refuses connections')"
            )
            let jobs = (1...2).map { _ in JobRequest(kind: Rehearsal.kind, tenant: "ward") }
            _ = try await worker.store.enqueue(jobs)
            await worker.log.wait(for: line, count: count)
            await worker.stop()
            try expect(try await worker.store.dependencies())
        }
    }
}
