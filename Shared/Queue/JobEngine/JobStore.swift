package import Foundation

/// The truth about jobs. Two implementations pass one conformance suite: PostgreSQL (`Persistence`) and memory
/// (`TestSupport`).
///
/// Every method is one transaction. Methods named `…IfRunning` check the fencing token and change nothing when it is
/// stale. Every time that is written or compared is the store's own (``now()``), never the caller's, whose clock may be
/// wrong. State changes leave their wake-ups and events in the outbox within the same transaction.
package protocol JobStore: Sendable {
    /// The time by the store's clock.
    func now() async throws -> Date

    // MARK: Enqueue

    /// Inserts jobs with their parents' edges, inputs and wake-ups.
    func enqueue(_ requests: [JobRequest]) async throws -> [EnqueueResult]

    /// Inserts jobs unless the tenant has jobs of the kind that have not ended. Of those who ask at the same time one is
    /// let through.
    ///
    /// - Returns: how many such jobs there are. 0: there were none, and the requests were inserted.
    func enqueue(_ requests: [JobRequest], unlessOpen kind: JobKind, of tenant: Tenant) async throws -> Int

    /// Records an intake that cannot become a runnable job (not JSON, schema violation, …) as a dead job that keeps its
    /// input.
    func enqueueDead(_ request: JobRequest, failure: JobFailure) async throws -> EnqueueResult

    /// Leaves a message in the outbox that belongs to no change of a job, with the store's time.
    func send(_ event: JobEvent) async throws

    // MARK: Claim and run

    /// Takes the best queued jobs of a stage: of the kinds asked for, smallest queue time plus handicap, below the
    /// tenant's cap, stage not paused.
    func claimAvailableJobs(_ request: ClaimRequest) async throws -> [ClaimedJob]

    /// Extends leases that are still held to so many seconds from now, stores progress, and says what operators want of
    /// each job.
    func renewLeases(_ renewals: [LeaseRenewal], leaseInSeconds: Double) async throws -> [JobID: LeaseSignal]

    /// Forgets the checkpoints of a running job except some.
    ///
    /// - Returns: those that nothing else refers to: nobody needs their bytes. Nil: the token is stale.
    func releaseCheckpoints(_ job: JobID, token: Int64, except kept: [ContentAddress]) async throws -> [ContentAddress]?

    /// Stores a checkpoint and facts of a job that goes on. False: the token is stale.
    func recordWhileRunning(_ job: JobID, token: Int64, checkpoints: [ArtifactReference], facts: [Fact]) async throws
        -> Bool

    // MARK: End of an attempt

    /// False: the token is stale and nothing was written.
    func completeJobIfRunning(_ job: JobID, token: Int64, completion: Completion) async throws -> Bool

    /// Applies `RetryPolicy`: waiting for a retry, or dead. Nil: the token is stale.
    func failJobIfRunning(_ job: JobID, token: Int64, failure: JobFailure) async throws -> JobState?

    /// Gives a job back without counting the attempt (drain, or pause when one was requested). False: the token is
    /// stale.
    func handBackJobIfRunning(_ job: JobID, token: Int64) async throws -> Bool

    /// Ends a job as cancelled after its handler stopped. False: the token is stale.
    func cancelJobIfRunning(_ job: JobID, token: Int64) async throws -> Bool

    // MARK: Dependencies

    /// Whether a job may try what it depends on, or shall be held because that is away (`CircuitBreaker`, one for all
    /// workers).
    func admit(to dependency: String) async throws -> CircuitBreaker.Admission

    /// Notes that what a job depends on failed it.
    ///
    /// - Returns: how long its jobs are held now; nil: they are not.
    func recordFailure(of dependency: String, reason: String) async throws -> Double?

    /// Notes that it answered: jobs that were held for it are due at once.
    func recordSuccess(of dependency: String) async throws

    /// A job that was let through as a probe ended without having asked: the next may.
    func giveBackProbe(of dependency: String) async throws

    /// Puts a job back to wait for its dependency: the attempt does not count, what failed before
    /// does. False: the token is stale.
    func holdJobIfRunning(_ job: JobID, token: Int64, for dependency: String, seconds: Double) async throws -> Bool

    /// Those that failed last, by name.
    func dependencies() async throws -> [DependencyRecord]

    // MARK: Operators

    /// Cancels at once what is not running; asks a running job to stop. The job's state afterwards, nil if there is
    /// none such.
    func cancelJob(_ job: JobID, actor: String) async throws -> JobState?
    func pauseJob(_ job: JobID, actor: String) async throws -> JobState?
    func resumeJob(_ job: JobID, actor: String) async throws -> JobState?
    /// Puts a dead or cancelled job back, with its deduplication key and an audit row; attempts count anew.
    func replayJob(_ job: JobID, actor: String) async throws -> JobState?
    /// Asks a job to end soon with what it has by then; of a paused one the pause is over. Of other kinds than those that
    /// can nothing changes.
    func finishJob(_ job: JobID, actor: String) async throws -> JobState?
    /// Ends a dead job for good (cancelled), with an audit row.
    func discardDeadJob(_ job: JobID, actor: String) async throws -> JobState?
    func setPaused(_ paused: Bool, stage: Stage, actor: String) async throws
    func pausedStages() async throws -> Set<Stage>
    /// At most this many jobs of the tenant run at a time in each stage; nil: no cap.
    func setRunningLimit(_ limit: Int?, tenant: Tenant, actor: String) async throws

    // MARK: Upkeep

    /// Carries out the ``SweepStep``s if they are due, which they are once a period for all workers: the next one so
    /// many seconds from now. Nil: not due, or not overdue by so many seconds.
    func sweep(everySeconds: Double, overdueBySeconds: Double) async throws -> SweepReport?

    /// Hands the oldest messages of a lane to `publish`, which returns the ids that the broker is done with; deletes
    /// those. What is under way in another relay is skipped. Of the rest, wake-ups and events stay; a reply counts as
    /// refused by its queue, is tried again later, and is parked when `ReplyPatience` is over. An error of `publish` is
    /// nobody's refusal.
    /// - Returns: how many will not be handed out again at once.
    func drainOutbox(_ lane: OutboxLane, limit: Int, publish: @Sendable ([OutboxMessage]) async throws -> [Int64])
        async throws -> Int

    /// Replies that their queues have refused, the oldest first. `tenant` nil: all.
    func refusedReplies(tenant: Tenant?, limit: Int) async throws -> [RefusedReply]
    /// How many of them are parked.
    func parkedReplies(tenant: Tenant?) async throws -> Int
    /// Makes refused replies due again, parked ones too, with all their patience. Returns how many.
    func retryReplies(queue: String?, actor: String) async throws -> Int

    func recordHeartbeat(_ worker: Worker) async throws
    /// Workers whose last heartbeat is not older, stopped ones included.
    func workers(heardOfWithin seconds: Double) async throws -> [WorkerRecord]

    // MARK: Reading

    func job(_ id: JobID) async throws -> JobRecord?
    func jobs(_ filter: JobFilter) async throws -> [JobRecord]
    /// The last to die first: of those that were replayed, the last death counts.
    func deadJobs(stage: Stage?, tenant: Tenant?, limit: Int) async throws -> [JobRecord]
    func attempts(of job: JobID) async throws -> [JobAttempt]
    /// Artifacts a job reads (`isInput`) and wrote.
    func artifacts(of job: JobID) async throws -> [JobArtifact]
    func parents(of job: JobID) async throws -> [JobID]
    func children(of job: JobID) async throws -> [JobID]
}

extension JobStore {
    /// Sweeps as soon as it is due.
    package func sweep(everySeconds: Double) async throws -> SweepReport? {
        try await sweep(everySeconds: everySeconds, overdueBySeconds: 0)
    }
}

package struct JobFilter: Sendable {
    package var states: Set<JobState>?
    package var stage: Stage?
    package var tenant: Tenant?
    package var study: StudyID?
    /// Newest first.
    package var limit: Int

    package init(
        states: Set<JobState>? = nil, stage: Stage? = nil, tenant: Tenant? = nil, study: StudyID? = nil,
        limit: Int = 100
    ) {
        self.states = states
        self.stage = stage
        self.tenant = tenant
        self.study = study
        self.limit = limit
    }
}

/// One try at a job.
package struct JobAttempt: Sendable, Equatable {
    package var worker: String
    package var token: Int64
    package var startedAt: Date
    package var endedAt: Date?
    /// `succeeded`, `failed`, `crashed`, `interrupted`, `cancelled`; nil while running.
    package var outcome: String?
    package var failure: JobFailure?
    /// Of the worker's executable.
    package var codeVersion: String

    package init(
        worker: String, token: Int64, startedAt: Date, endedAt: Date?, outcome: String?, failure: JobFailure?,
        codeVersion: String = ""
    ) {
        self.codeVersion = codeVersion
        self.worker = worker
        self.token = token
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.outcome = outcome
        self.failure = failure
    }
}

package struct JobArtifact: Sendable, Equatable {
    package var isInput: Bool
    package var reference: ArtifactReference

    package init(isInput: Bool, reference: ArtifactReference) {
        self.isInput = isInput
        self.reference = reference
    }
}
