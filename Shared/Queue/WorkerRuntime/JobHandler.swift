package import JobEngine

/// Runs the jobs of one kind.
package protocol JobHandler<Definition>: Sendable {
    /// The kind, and the parameters that its jobs take.
    associatedtype Definition: JobDefinition

    /// What a job needs beyond this system, as `archive:<node>`: while that is away, its jobs are held without using
    /// tries. Nil: nothing.
    func dependency(of job: JobRecord, _ parameters: Definition) -> String?

    /// Reads artifacts, computes, stores artifacts, and returns what is to be written with the job's end.
    ///
    /// Runs on a thread of its own: computing here blocks nobody. Call `job.checkCancellation()` at least once a second
    /// or, inside long computations, once a step or patch. Throw ``JobFailure`` for what is known; anything else is a
    /// defect.
    func run(_ job: JobContext, _ parameters: Definition) async throws -> Completion
}

extension JobHandler {
    package func dependency(of job: JobRecord, _ parameters: Definition) -> String? { nil }

    var kind: JobKind { Definition.kind }

    /// Nil also where the parameters are malformed, which running the job tells.
    func dependency(of job: JobRecord) -> String? {
        (try? Definition(of: job)).flatMap { dependency(of: job, $0) }
    }

    func run(_ job: JobContext) async throws -> Completion { try await run(job, Definition(of: job.record)) }
}
