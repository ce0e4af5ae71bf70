package import JobEngine

/// Runs the jobs of one kind.
package protocol JobHandler: Sendable {
    var kind: JobKind { get }

    /// Reads artifacts, computes, stores artifacts, and returns what is to be written with the job's end.
    ///
    /// Runs on a thread of its own: computing here blocks nobody. Call `job.checkCancellation()` at least once a second or, inside long
    /// computations, once a step or patch. Throw ``JobFailure`` for what is known; anything else is a defect.
    func run(_ job: JobContext) async throws -> Completion
}
