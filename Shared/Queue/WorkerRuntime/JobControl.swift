package import JobEngine
import Synchronization

/// What the lease keeper and a running handler tell each other.
package final class JobControl: Sendable {
    package struct State: Sendable {
        var progress: Double
        var note = ""
        var leaseUntil: ContinuousClock.Instant
        /// Whether the handler has reported since the last renewal.
        var hasNews = false
        var interruption: JobInterruption?
        var isAskedToFinish = false
        /// What was read of parents' outputs, for the lineage.
        var inputs: [ArtifactReference] = []
    }

    package let job: JobID
    package let token: Int64
    private let state: Mutex<State>

    /// - Parameter leaseUntil: by this process's monotonic clock, counted from before the claim was sent, so that the
    ///   lease never lasts longer here than in the database.
    package init(_ claimed: ClaimedJob, leaseUntil: ContinuousClock.Instant) {
        job = claimed.record.id
        token = claimed.token
        state = Mutex(
            State(
                progress: claimed.record.progress, leaseUntil: leaseUntil,
                isAskedToFinish: claimed.record.finishRequested))
    }

    /// The first interruption wins, but for a lost lease, which forbids all writing and so outranks the others.
    package func interrupt(_ reason: JobInterruption) {
        state.withLock { state in
            if state.interruption == nil || reason == .leaseLost { state.interruption = reason }
        }
    }

    /// No interruption: the handler ends by itself where its work can end.
    package func askToFinish() { state.withLock { $0.isAskedToFinish = true } }

    package var isAskedToFinish: Bool { state.withLock { $0.isAskedToFinish } }

    package func report(progress: Double, note: String) {
        state.withLock { state in
            state.progress = min(max(progress, 0), 1)
            state.note = note
            state.hasNews = true
        }
    }

    /// The same without progress.
    func say(_ note: String) {
        state.withLock { state in
            state.note = note
            state.hasNews = true
        }
    }

    /// Remembers an input that the request did not name.
    package func note(_ input: ArtifactReference) {
        state.withLock { state in
            if !state.inputs.contains(input) { state.inputs.append(input) }
        }
    }

    package var notedInputs: [ArtifactReference] { state.withLock { $0.inputs } }

    package func extendLease(until: ContinuousClock.Instant) { state.withLock { $0.leaseUntil = until } }

    package var interruption: JobInterruption? { state.withLock { $0.interruption } }
    package var leaseUntil: ContinuousClock.Instant { state.withLock { $0.leaseUntil } }

    package var hasNews: Bool { state.withLock { $0.hasNews } }

    /// What to tell the store; counts as told.
    package func takeRenewal() -> LeaseRenewal {
        state.withLock { state in
            state.hasNews = false
            return LeaseRenewal(job: job, token: token, progress: state.progress, progressNote: state.note)
        }
    }
}
