import Foundation
import JobEngine
import Storage
import Studies
import TestSupport
import Testing
import WorkerRuntime

/// A worker over the in-memory store, with a broker that the test plays. What it does next is `WorkerState`'s; here it
/// is done.
@Suite(.timeLimit(.minutes(2))) struct JobWorkerTests {
    private let store = InMemoryJobStore()
    private let broker = ScriptedBroker(log: EventLog())
    private let registry = MemoryStoreRegistry()
    private var log: EventLog { broker.log }

    private func with(
        slots: Int = 1, handler: @escaping @Sendable (JobContext) async throws -> Completion = { _ in Completion() },
        _ body: (ScriptedWorker) async throws -> Void
    ) async throws {
        let storage = try await ScriptedWorker.makeStorage(of: registry)
        defer { try? FileManager.default.removeItem(at: storage) }
        let worker = try ScriptedWorker(
            store, broker: broker, registry: registry, storage: storage, slots: slots, handler: handler)
        try await body(worker)
        await worker.stop()
    }

    private func enqueue(_ count: Int = 1, _ kind: JobKind = Rehearsal.kind) async throws -> [JobID] {
        try await store.enqueue((0..<count).map { _ in JobRequest(kind: kind, tenant: "ward") }).map(\.id)
    }

    @Test func whatIsQueuedRunsInTheSlotsThatThereAre() async throws {
        let (slots, mayEnd) = (Tally(), Bell())
        let ids = try await enqueue(5)
        try await with(slots: 2) { _ in
            slots.enter()
            defer { slots.leave() }
            if slots.next() == 1 { await mayEnd.wait(atMost: .seconds(60)) }
            return Completion()
        } _: { _ in
            // One job has its slot for as long as it takes, the others go through the other.
            await log.wait(for: "debug job succeeded", count: 4)
            mayEnd.ring()
            await log.wait(for: "debug job succeeded", count: 5)
        }
        #expect(slots.most == 2)
        for id in ids { #expect(await store.job(id)?.state == .succeeded) }
    }

    @Test func aWakeUpBringsAJobAtOnceAndIsAcknowledged() async throws {
        try await with { _ in
            await log.wait(for: "connected columna wake-ups")
            _ = try await enqueue()
            broker.deliver(1, to: "columna wake-ups")
            await log.wait(for: "acknowledged 1 of columna wake-ups")
            await log.wait(for: "debug job succeeded")
        }
    }

    @Test func aKindWithoutAHandlerIsLeftToOtherWorkers() async throws {
        let others = try await enqueue(1, SummarizeEvaluation.kind)
        _ = try await enqueue()
        try await with { _ in await log.wait(for: "debug job succeeded") }
        #expect(await store.job(others[0])?.state == .queued)
    }

    @Test(arguments: [JobState.cancelled, .waiting])
    func anOperatorsWordReachesARunningJobAtOnce(_ end: JobState) async throws {
        let ids = try await enqueue()
        try await with { job in
            try await Self.untilInterrupted(job)
        } _: { _ in
            await log.wait(for: "connected columna control")
            await log.wait(for: "debug job started")
            _ =
                end == .cancelled
                ? try await store.cancelJob(ids[0], actor: "tester") : try await store.pauseJob(ids[0], actor: "tester")
            broker.deliver(1, to: "columna control")
            await log.wait(for: end == .cancelled ? "info job cancelled" : "info job handed back")
            #expect(log.lines.contains("acknowledged 1 of columna control"))
        }
        #expect(await store.job(ids[0])?.state == end)
    }

    @Test func aDrainedWorkerHandsItsJobsBackAndSaysThatItHasStopped() async throws {
        let ids = try await enqueue(2)
        try await with { job in
            try await Self.untilInterrupted(job)
        } _: { worker in
            await log.wait(for: "debug job started")
            try await worker.drain()
        }
        for id in ids {
            let job = try #require(await store.job(id))
            #expect(job.state == .queued)
            #expect(job.attempt == 0)
        }
        let record = try #require(await store.workers(heardOfWithin: 3600).first)
        #expect(record.state == .stopped)
        #expect(record.busySlots == 0)
        #expect(log.lines.contains("closed columna wake-ups"))
    }

    @Test func aWorkerWithoutItsStorageClaimsNothingAndSaysWhy() async throws {
        let ids = try await enqueue()
        let worker = try ScriptedWorker(
            store, broker: broker, registry: registry, storage: URL(filePath: "/nowhere")
        ) { _ in Completion() }
        await log.wait(for: "error claiming no jobs")
        await log.wait(for: "closed columna wake-ups")
        try await worker.drain()
        #expect(await store.job(ids[0])?.state == .queued)
        #expect(await store.workers(heardOfWithin: 3600).first?.note == StorageError.noStoreYet.description)
    }

    @Test func jobsAreClaimedAgainOnceTheStorageIsKnown() async throws {
        let other = MemoryStoreRegistry()
        let storage = try await ScriptedWorker.makeStorage(of: other)
        defer { try? FileManager.default.removeItem(at: storage) }
        _ = try await enqueue()
        let worker = try ScriptedWorker(store, broker: broker, registry: registry, storage: storage) { _ in
            Completion()
        }
        await log.wait(for: "error claiming no jobs")
        let identity = try #require(try await other.registeredStore())
        #expect(try await registry.register(store: identity, replacing: false, actor: "tests"))
        await log.wait(for: "notice claiming jobs again")
        await log.wait(for: "debug job succeeded")
        await worker.stop()
    }

    /// A handler that does nothing else than heed what it is told.
    private static func untilInterrupted(_ job: JobContext) async throws -> Completion {
        while true {
            try job.checkCancellation()
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
