/// The states of a job, spelled the same in PostgreSQL, events, logs and `docs/job-states.md`.
package enum JobState: SharedWord {
    /// Not yet due: a parent has not succeeded, a retry's time has not come, or the job is paused.
    case waiting
    /// Claimable now.
    case queued
    /// Claimed by a worker that holds a lease.
    case running
    case succeeded
    /// Ended without success; kept with its reason and its input until an operator replays or discards it.
    case dead
    case cancelled
    case unknown(String)

    package static let allCases: [Self] = [.waiting, .queued, .running, .succeeded, .dead, .cancelled]

    package var rawValue: String {
        switch self {
        case .waiting: "waiting"
        case .queued: "queued"
        case .running: "running"
        case .succeeded: "succeeded"
        case .dead: "dead"
        case .cancelled: "cancelled"
        case .unknown(let word): word
        }
    }

    package var isTerminal: Bool { self == .succeeded || self == .dead || self == .cancelled }

    /// The transitions the database accepts too (`Migrations`, trigger `jobs_guard_transition`).
    package var successors: Set<JobState> {
        switch self {
        case .waiting: [.queued, .cancelled]
        case .queued: [.running, .waiting, .cancelled]
        case .running: [.succeeded, .queued, .waiting, .dead, .cancelled]
        case .succeeded, .unknown: []
        case .dead: [.queued, .waiting, .cancelled]
        case .cancelled: [.queued, .waiting]
        }
    }
}
