package import Foundation

/// What an operator may want of one job. Decided here, for every store; the stores write it down.
package enum OperatorCommand: String, Sendable, CaseIterable {
    case cancel, pause, resume, replay, discard

    /// The change to a job, or nil when the command does not apply to its state.
    ///
    /// - Parameter parentsSucceeded: whether all parents have.
    package func decide(_ job: JobRecord, parentsSucceeded: Bool, now: Date) -> JobChange? {
        let isReady = parentsSucceeded && (job.runAt ?? now) <= now
        switch (self, job.state) {
        case (.cancel, .waiting), (.cancel, .queued), (.discard, .dead):
            return JobChange(state: .cancelled)
        case (.cancel, .running):
            return JobChange(state: .running, isPaused: job.isPaused, cancellationRequested: true)
        case (.pause, .waiting), (.pause, .queued):
            return JobChange(state: .waiting, isPaused: true)
        case (.pause, .running):
            return JobChange(state: .running, isPaused: true, cancellationRequested: job.cancellationRequested)
        case (.resume, .waiting) where job.isPaused:
            return JobChange(state: isReady ? .queued : .waiting)
        case (.resume, .running) where job.isPaused:
            return JobChange(state: .running, cancellationRequested: job.cancellationRequested)
        case (.replay, .dead), (.replay, .cancelled):
            return JobChange(state: parentsSucceeded ? .queued : .waiting, countsAnew: true)
        default:
            return nil
        }
    }
}

/// A job's state and wishes after an operator's command.
package struct JobChange: Sendable, Equatable {
    package var state: JobState
    package var isPaused = false
    package var cancellationRequested = false
    /// Attempts, failures, progress and the wished time begin again.
    package var countsAnew = false

    package init(state: JobState, isPaused: Bool = false, cancellationRequested: Bool = false, countsAnew: Bool = false)
    {
        self.state = state
        self.isPaused = isPaused
        self.cancellationRequested = cancellationRequested
        self.countsAnew = countsAnew
    }
}
