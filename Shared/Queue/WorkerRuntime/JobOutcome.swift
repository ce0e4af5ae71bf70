package import JobEngine
import Messaging
import Storage

/// How an attempt ended, as a value. The one place that maps errors to outcomes.
package enum JobOutcome: Sendable {
    case completed(Completion)
    case failed(JobFailure)
    case handedBack
    case cancelled
    /// What the job needs is away: it waits for so long, without counting the attempt.
    case held(for: String, seconds: Double)

    init(_ error: any Error) {
        switch error {
        case let failure as JobFailure: self = .failed(failure)
        case JobInterruption.cancelled: self = .cancelled
        // A lease that was not renewed in time may still be ours: its token decides.
        case JobInterruption.paused, JobInterruption.draining, JobInterruption.leaseLost: self = .handedBack
        case is CancellationError: self = .handedBack
        default: self = .failed(JobFailure(classifying: error))
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
        case .completed: .failed(JobFailure(classifying: error))
        }
    }
}

extension JobFailure {
    /// The class of an error that no handler has classified: of the adapters by what they know, anything else is a
    /// defect.
    ///
    /// An unknown error's own words may hold a path, so only its type is told.
    package init(classifying error: any Error) {
        switch error {
        case let failure as JobFailure:
            self = failure
        case let error as StorageError:
            // What is missing or short is the machine's fault: the database knows of nothing that was not stored whole.
            let failureClass: Class =
                switch error.code {
                case .inputOutput: .transient
                case .invalidName: .defect
                case .diskFull, .notWritable, .notAStore, .otherStore, .missing, .wrongLength, .wrongHash,
                    .otherFileSystem:
                    .resource
                }
            self.init(class: failureClass, code: "storage-\(error.code.rawValue)", reason: error.description)
        case let error as any ClassifiedError:
            self = error.failure
        case let error as MessagingError:
            self.init(
                class: error.isTransient ? .transient : .defect, code: "broker-\(error.code.rawValue)",
                reason: error.description)
        default:
            self.init(
                class: .defect, code: "unexpected-error",
                reason:
                    "an error of type \(type(of: error)) that no handler expected: see the worker's log, and report it")
        }
    }
}
