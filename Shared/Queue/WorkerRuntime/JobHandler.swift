package import JobEngine

/// Runs the jobs of one kind.
package protocol JobHandler: Sendable {
    var kind: JobKind { get }

    /// What a job needs beyond this system, as `archive:<node>`: while that is away, its jobs are held without using
    /// tries. Nil: nothing.
    func dependency(of job: JobRecord) -> String?

    /// Reads artifacts, computes, stores artifacts, and returns what is to be written with the job's end.
    ///
    /// Runs on a thread of its own: computing here blocks nobody. Call `job.checkCancellation()` at least once a second
    /// or, inside long computations, once a step or patch. Throw ``JobFailure`` for what is known; anything else is a
    /// defect.
    func run(_ job: JobContext) async throws -> Completion
}

extension JobHandler {
    package func dependency(of job: JobRecord) -> String? { nil }
}
