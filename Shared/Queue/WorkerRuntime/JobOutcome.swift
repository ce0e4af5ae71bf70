import Faults
package import JobEngine

/// How an attempt ended, as a value.
package enum JobOutcome: Sendable {
    case completed(Completion)
    case failed(JobFailure)
    case handedBack
    case cancelled
    /// What the job needs is away: it waits for so long, without counting the attempt.
    case held(for: String, seconds: Double)

    init(_ error: any Error) {
        switch error {
        case JobInterruption.cancelled: self = .cancelled
        // A lease that was not renewed in time may still be ours: its token decides.
        case JobInterruption.paused, JobInterruption.draining, JobInterruption.leaseLost: self = .handedBack
        case is CancellationError: self = .handedBack
        case let fault as any Fault where fault.blame == .cancelled: self = .handedBack
        default: self = .failed(JobFailure(error))
        }
    }

    /// What to write where this end is refused for what it says: the failure that it was, then one without words of the
    /// handler's. Nil: neither helped.
    func instead(refusedBy error: any Error) -> JobOutcome? {
        let bare = JobFailure(
            class: .defect, code: "end-refused",
            reason: "the database refuses what the attempt ended with: see the worker's log, and report it")
        return switch self {
        case .failed(let failure) where failure == bare: nil
        case .failed, .handedBack, .cancelled, .held: .failed(bare)
        case .completed: .failed(JobFailure(error))
        }
    }
}
