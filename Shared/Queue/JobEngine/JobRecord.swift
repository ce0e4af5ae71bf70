package import Foundation

/// A job as the store knows it.
package struct JobRecord: Sendable, Equatable {
    package var id: JobID
    package var kind: JobKind
    package var stage: Stage { kind.stage }
    package var tenant: Tenant
    package var priority: Priority
    package var state: JobState
    package var deduplicationKey: String?
    package var parameters: String
    package var study: StudyID?
    /// Attempts that count: those that failed or crashed, and the one under way. Interrupted attempts (drain) are not
    /// counted.
    package var attempt: Int
    /// Consecutive attempts that ended with an expired lease and no progress.
    package var crashes: Int
    package var isPaused: Bool
    package var cancellationRequested: Bool
    /// An operator wants it to end soon with what it has by then; it stays when it has.
    package var finishRequested: Bool
    package var worker: String?
    /// Fencing token of the current lease.
    package var token: Int64?
    package var leaseUntil: Date?
    /// 0…1, as the handler last reported.
    package var progress: Double
    package var progressNote: String
    /// Class, code and wording of the last failure.
    package var failure: JobFailure?
    package var createdAt: Date
    package var queuedAt: Date?
    package var runAt: Date?
    package var startedAt: Date?
    package var finishedAt: Date?

    package init(
        id: JobID, kind: JobKind, tenant: Tenant, priority: Priority, state: JobState,
        deduplicationKey: String?, parameters: String,
        study: StudyID?, attempt: Int, crashes: Int, isPaused: Bool, cancellationRequested: Bool, worker: String?,
        token: Int64?,
        leaseUntil: Date?, progress: Double, progressNote: String, failure: JobFailure?, createdAt: Date,
        queuedAt: Date?, runAt: Date?,
        startedAt: Date?, finishedAt: Date?, finishRequested: Bool = false
    ) {
        self.finishRequested = finishRequested
        self.id = id
        self.kind = kind
        self.tenant = tenant
        self.priority = priority
        self.state = state
        self.deduplicationKey = deduplicationKey
        self.parameters = parameters
        self.study = study
        self.attempt = attempt
        self.crashes = crashes
        self.isPaused = isPaused
        self.cancellationRequested = cancellationRequested
        self.worker = worker
        self.token = token
        self.leaseUntil = leaseUntil
        self.progress = progress
        self.progressNote = progressNote
        self.failure = failure
        self.createdAt = createdAt
        self.queuedAt = queuedAt
        self.runAt = runAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
    }
}
