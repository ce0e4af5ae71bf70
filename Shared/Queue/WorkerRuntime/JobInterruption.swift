/// Why a running handler must stop; thrown by `JobContext.checkCancellation()`.
package enum JobInterruption: Error, Sendable, Equatable {
    /// An operator cancelled the job: it ends as cancelled.
    case cancelled
    /// An operator paused the job: it is handed back and waits.
    case paused
    /// The worker is going down: the job is handed back and its attempt is not counted.
    case draining
    /// The lease could not be renewed in time, or is another's: the handler stops before somebody else begins. What it
    /// has already made is written if the fencing token still holds.
    case leaseLost
}
