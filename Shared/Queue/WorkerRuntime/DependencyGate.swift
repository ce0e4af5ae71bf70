import JobEngine
import Logging

/// Holds jobs whose archive is away, for all workers together: the store keeps the breaker, and releases the jobs when
/// it closes.
struct DependencyGate: Sendable {
    let store: any JobStore
    let log: Logger

    /// Whether a job may try. Where that cannot be told it may.
    func admit(to dependency: String?) async -> CircuitBreaker.Admission {
        guard let dependency else { return .proceed }
        do {
            return try await store.admit(to: dependency)
        } catch {
            log.warning(
                "cannot ask whether the dependency is away",
                metadata: ["dependency": "\(dependency)", "error": "\(error)"])
            return .proceed
        }
    }

    /// Tells the breaker how an attempt went that was admitted. One that failed has failed, though the dependency be
    /// known to be away by now: only what was never tried is free.
    func settle(_ outcome: JobOutcome, of dependency: String?, after admission: CircuitBreaker.Admission) async {
        guard let dependency else { return }
        do {
            switch Verdict(outcome) {
            case .answered:
                try await store.recordSuccess(of: dependency)
            case .away(let reason):
                guard try await store.recordFailure(of: dependency, reason: reason) != nil else { break }
                log.warning(
                    "the dependency is away: its jobs are held",
                    metadata: ["dependency": "\(dependency)", "reason": "\(reason)"])
            case .unclear:
                // A probe is used up: behind a proxy that fails for an archive that is away, all held jobs would go
                // through one after another.
                break
            case .unasked:
                if admission == .probe { try await store.giveBackProbe(of: dependency) }
            }
        } catch {
            log.warning(
                "cannot note how the dependency answered",
                metadata: ["dependency": "\(dependency)", "error": "\(error)"])
        }
    }

    /// How long a job is held that may try in so many seconds: spread, so that not all come back for one probe; when it
    /// answers all are due at once.
    static func held(for dependency: String, _ seconds: Double) -> JobOutcome {
        .held(for: dependency, seconds: seconds * Double.random(in: 1...2))
    }

    /// What an attempt tells of its dependency.
    private enum Verdict {
        case answered
        case away(String)
        /// It was asked, or should have been, and whether it is there cannot be told.
        case unclear
        case unasked

        init(_ outcome: JobOutcome) {
            self =
                switch outcome {
                case .completed(let completion): completion.askedDependency ? .answered : .unasked
                case .failed(let failure) where failure.isArchives: .away(failure.reason)
                case .failed(let failure) where failure.showsArchiveAnswered: .answered
                case .failed(let failure): failure.concernsArchive ? .unclear : .unasked
                case .handedBack, .cancelled, .held: .unasked
                }
        }
    }
}
