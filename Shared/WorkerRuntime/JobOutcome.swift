import JobEngine
import Messaging
import Storage

/// How an attempt ended, as a value. The one place that maps errors to outcomes.
enum JobOutcome: Sendable {
    case completed(Completion)
    case failed(JobFailure)
    case handedBack
    case cancelled
    /// Nothing may be written: the lease is another's.
    case abandoned

    init(_ error: any Error) {
        switch error {
        case let failure as JobFailure: self = .failed(failure)
        case JobInterruption.cancelled: self = .cancelled
        case JobInterruption.paused, JobInterruption.draining: self = .handedBack
        case JobInterruption.leaseLost: self = .abandoned
        case is CancellationError: self = .handedBack
        default: self = .failed(JobFailure(classifying: error))
        }
    }
}

extension JobFailure {
    /// The class of an error that no handler has classified: of the adapters by what they know, anything else is a defect.
    ///
    /// An unknown error's own words may hold a path, so only its type is told.
    package init(classifying error: any Error) {
        switch error {
        case let failure as JobFailure:
            self = failure
        case let error as StorageError:
            let isFull = error.code == .diskFull
            let isDamage = error.code == .wrongLength || error.code == .missing
            self.init(
                class: isFull ? .resource : isDamage ? .data : .transient, code: "storage-\(error.code.rawValue)", reason: error.description)
        case let error as any ClassifiedError:
            self = error.failure
        case let error as MessagingError:
            self.init(class: error.isTransient ? .transient : .defect, code: "broker-\(error.code.rawValue)", reason: error.description)
        default:
            self.init(class: .defect, code: "unexpected-error", reason: "an error of type \(type(of: error)) that no handler expected: see the worker's log, and report it")
        }
    }
}
