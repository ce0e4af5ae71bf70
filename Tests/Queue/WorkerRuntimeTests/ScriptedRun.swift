import Foundation
import JobEngine
import Persistence
import Storage
import Studies
import TestSupport
import Testing
import WorkerRuntime

/// Runs single jobs of the stage evaluation over the in-memory store, whose clock the test moves.
struct ScriptedRun {
    let clock = SettableClock(JobStoreConformance.dawn)
    let store: InMemoryJobStore
    let log = EventLog()
    let keeper: LeaseKeeper
    /// Where jobs read and write; none unless the test makes one.
    var objects: any ObjectStore = StoreLocation.store(at: URL(filePath: "/nowhere"))

    init() {
        store = InMemoryJobStore { [clock] in clock.now }
        keeper = LeaseKeeper(store: store, leaseInSeconds: 60, log: log.logger)
    }

    /// Runs one job to its end.
    /// - Returns: the job as the store knows it then.
    @discardableResult
    func run(
        _ request: JobRequest = JobRequest(kind: Rehearsal.kind, tenant: "ward"), needing dependency: String? = nil,
        _ body: @escaping @Sendable (JobContext) async throws -> Completion
    ) async throws -> JobRecord {
        try await run(request, handlers: [ScriptedHandler(needs: { _ in dependency }, body: body)])
    }

    func run(_ request: JobRequest, handlers: [any JobHandler]) async throws -> JobRecord {
        _ = try await store.enqueue([request])
        let claimed = try #require(
            await store.claimAvailableJobs(ClaimRequest(stage: .evaluation, worker: "w", leaseInSeconds: 60)).first)
        let runner = JobRunner(
            store: store, keeper: keeper, handlers: handlers,
            objects: objects,
            configuration: try ScriptedWorker.configuration(URL(filePath: "/nowhere")), log: log.logger)
        _ = await runner.run(claimed, leaseUntil: .now + .seconds(60))
        return try #require(await store.job(request.id))
    }
}
