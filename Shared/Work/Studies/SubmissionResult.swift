package import JobEngine

/// What became of a study that somebody submitted.
package enum SubmissionResult: Sendable, Equatable {
    /// The study is new, with this first job.
    case accepted(JobID)
    /// The same event again, or another one with the same deduplication key: nothing is done anew, and who asks gets
    /// the answer of the study that is there, at once or when it has ended.
    case repeated(of: JobID)
    /// The event, or its deduplication key, is that of a study with other content. Nothing was written, not even an
    /// answer.
    case contradicted(JobID)

    /// The first job of the study that is there.
    package var job: JobID {
        switch self {
        case .accepted(let id), .repeated(let id), .contradicted(let id): id
        }
    }
}
