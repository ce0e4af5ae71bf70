/// A job that this worker may run until its lease ends: so long after it asked, by its own monotonic clock, as it had
/// asked for.
package struct ClaimedJob: Sendable {
    package var record: JobRecord
    /// Fencing token: every write for this attempt names it, and a stale one changes nothing.
    package var token: Int64
    package var inputs: [ArtifactReference]
    /// Artifacts that earlier attempts recorded while running (checkpoints), oldest first.
    package var checkpoints: [ArtifactReference]

    package init(record: JobRecord, token: Int64, inputs: [ArtifactReference], checkpoints: [ArtifactReference]) {
        self.record = record
        self.token = token
        self.inputs = inputs
        self.checkpoints = checkpoints
    }
}

/// What a worker asks for when it has free slots.
package struct ClaimRequest: Sendable {
    package var stage: Stage
    /// Those that the worker can run; others, which a newer program may have put into the stage, are left to those that
    /// can.
    package var kinds: [JobKind]
    package var worker: String
    package var limit: Int
    package var leaseInSeconds: Double
    /// Which code will run the jobs; kept with each attempt for the lineage.
    package var codeVersion: String

    package init(
        stage: Stage, kinds: [JobKind], worker: String, limit: Int = 1, leaseInSeconds: Double = 120,
        codeVersion: String = ""
    ) {
        self.codeVersion = codeVersion
        self.stage = stage
        self.kinds = kinds
        self.worker = worker
        self.limit = limit
        self.leaseInSeconds = leaseInSeconds
    }
}

/// One running job's news for the store at a renewal.
package struct LeaseRenewal: Sendable {
    package var job: JobID
    package var token: Int64
    package var progress: Double
    package var progressNote: String

    package init(job: JobID, token: Int64, progress: Double, progressNote: String) {
        self.job = job
        self.token = token
        self.progress = progress
        self.progressNote = progressNote
    }
}

/// The store's answer to a renewal.
package enum LeaseSignal: Sendable, Equatable {
    case proceed
    /// Stop; the job ends as cancelled.
    case cancel
    /// Stop at the next checkpoint; the job goes back to waiting, paused.
    case pause
    /// End soon, with what there is by then: the job succeeds.
    case finish
    /// The lease is another's: stop and write nothing.
    case lost

    /// To whoever holds the lease, of the wishes that stand: the one that ends the most.
    package init(cancellationRequested: Bool, isPaused: Bool, finishRequested: Bool) {
        self = cancellationRequested ? .cancel : isPaused ? .pause : finishRequested ? .finish : .proceed
    }
}
