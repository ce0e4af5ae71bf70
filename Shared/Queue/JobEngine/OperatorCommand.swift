package import Foundation

/// What an operator may want of one job. Decided here, for every store; the stores write it down.
package enum OperatorCommand: String, Sendable, CaseIterable {
    case cancel, pause, resume, replay, discard
    /// To end soon with what it has by then, and succeed.
    case finish

    /// The change to a job, or nil when the command does not apply to its state.
    ///
    /// - Parameter parentsSucceeded: whether all parents have.
    package func decide(_ job: JobRecord, parentsSucceeded: Bool, now: Date) -> JobChange? {
        let isReady = parentsSucceeded && (job.runAt ?? now) <= now
        return switch (self, job.state) {
        case (.cancel, .waiting), (.cancel, .queued), (.discard, .dead):
            JobChange(state: .cancelled)
        case (.cancel, .running):
            JobChange(state: .running, keepingWishesOf: job) { $0.cancellationRequested = true }
        case (.pause, .waiting), (.pause, .queued):
            JobChange(state: .waiting, isPaused: true, finishRequested: job.finishRequested)
        case (.pause, .running):
            JobChange(state: .running, keepingWishesOf: job) { $0.isPaused = true }
        case (.resume, .waiting) where job.isPaused:
            JobChange(state: isReady ? .queued : .waiting, finishRequested: job.finishRequested)
        case (.resume, .running) where job.isPaused:
            JobChange(state: .running, keepingWishesOf: job) { $0.isPaused = false }
        // It has to run to end: a pause is over.
        case (.finish, .waiting) where job.kind.finishesOnRequest && job.isPaused:
            JobChange(state: isReady ? .queued : .waiting, finishRequested: true)
        case (.finish, .waiting) where job.kind.finishesOnRequest, (.finish, .queued) where job.kind.finishesOnRequest,
            (.finish, .running) where job.kind.finishesOnRequest:
            JobChange(state: job.state, keepingWishesOf: job) { ($0.isPaused, $0.finishRequested) = (false, true) }
        case (.replay, .dead), (.replay, .cancelled):
            JobChange(state: parentsSucceeded ? .queued : .waiting, countsAnew: true)
        default:
            nil
        }
    }
}

/// A job's state and wishes after an operator's command.
package struct JobChange: Sendable, Equatable {
    package var state: JobState
    package var isPaused = false
    package var cancellationRequested = false
    package var finishRequested = false
    /// Attempts, failures, progress and the wished time begin again.
    package var countsAnew = false

    package init(
        state: JobState, isPaused: Bool = false, cancellationRequested: Bool = false, finishRequested: Bool = false,
        countsAnew: Bool = false
    ) {
        self.finishRequested = finishRequested
        self.state = state
        self.isPaused = isPaused
        self.cancellationRequested = cancellationRequested
        self.countsAnew = countsAnew
    }

    init(state: JobState, keepingWishesOf job: JobRecord, but change: (inout JobChange) -> Void) {
        self.init(
            state: state, isPaused: job.isPaused, cancellationRequested: job.cancellationRequested,
            finishRequested: job.finishRequested)
        change(&self)
    }
}
