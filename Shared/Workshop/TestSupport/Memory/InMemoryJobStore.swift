import Faults
package import Foundation
package import JobEngine

/// A `JobStore` for tests and for one person at one machine: it forgets everything at the end of the process. Passes
/// the same conformance suite as PostgreSQL; each method runs without suspending, so each is a transaction.
package actor InMemoryJobStore: JobStore {
    let policy: RetryPolicy
    let clock: @Sendable () -> Date
    var jobs: [JobID: StoredJob] = [:]
    var keys: [DeduplicationKey: JobID] = [:]
    var outbox: [OutboxMessage] = []
    /// Replies that their queues have refused, by their message's id.
    var refused: [Int64: RefusedReply] = [:]
    var lastMessage: Int64 = 0
    var lastToken: Int64 = 0
    var stagesPaused: Set<Stage> = []
    var runningLimits: [Tenant: Int] = [:]
    var breakers: [String: CircuitBreaker] = [:]
    var seenWorkers: [String: WorkerRecord] = [:]
    var nextSweepAt = Date.distantPast
    /// What operators did, oldest first.
    package private(set) var audit: [String] = []

    /// - Parameter clock: what the store goes by; injected so that tests own time.
    package init(policy: RetryPolicy = RetryPolicy(), clock: @escaping @Sendable () -> Date = { Date() }) {
        self.policy = policy
        self.clock = clock
    }

    package func now() -> Date { clock() }

    func note(_ actor: String, _ action: String, _ subject: String) { audit.append("\(actor): \(action) \(subject)") }

    package func send(_ event: JobEvent) throws {
        lastMessage += 1
        outbox.append(try event.message(id: lastMessage, messageID: UUID(), time: clock()))
    }

    /// Puts a job into a new state as PostgreSQL's trigger would: refuses what is not drawn, and announces the rest.
    func change(_ id: JobID, to state: JobState, now: Date, _ body: (inout StoredJob) -> Void = { _ in }) throws {
        guard var job = jobs[id] else { return }
        guard job.record.state != state else {
            body(&job)
            jobs[id] = job
            return
        }
        guard job.record.state.successors.contains(state) else {
            throw JobStoreError(.illegalTransition, "a job cannot go from \(job.record.state) to \(state)")
        }
        job.record.state = state
        job.changedAt = now
        job.record.finishedAt = state.isTerminal ? now : nil
        body(&job)
        jobs[id] = job
        try announce(job)
    }

    func announce(_ job: StoredJob) throws {
        if job.record.state == .queued { try send(.wakeUp(job.record)) }
        try send(.stateChanged(job.record))
    }

    /// The job if this token still holds its lease.
    func held(_ id: JobID, _ token: Int64) -> StoredJob? {
        guard let job = jobs[id], job.record.state == .running, job.record.token == token else { return nil }
        return job
    }

    func parentsSucceeded(_ job: StoredJob) -> Bool {
        job.parents.allSatisfy { jobs[$0]?.record.state == .succeeded }
    }

    /// Queues a waiting job if nothing holds it back any more.
    func release(_ id: JobID, now: Date) throws -> Bool {
        guard let job = jobs[id], job.record.state == .waiting, !job.record.isPaused, (job.record.runAt ?? now) <= now,
            parentsSucceeded(job)
        else { return false }
        try change(id, to: .queued, now: now) { $0.queue(now: now) }
        return true
    }
}
