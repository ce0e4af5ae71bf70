import JobEngine
import Logging

/// Holds jobs whose archive is away, for all workers together: the store keeps the breaker, and releases the jobs when it closes.
struct DependencyGate: Sendable {
    let store: any JobStore
    let log: Logger

    /// Nil: the job may try.
    func hold(for dependency: String?) async -> JobOutcome? {
        guard let dependency else { return nil }
        do {
            guard case .wait(let seconds) = try await store.admit(to: dependency) else { return nil }
            return held(for: dependency, seconds)
        } catch {
            log.warning("cannot ask whether the dependency is away", metadata: ["dependency": "\(dependency)", "error": "\(error)"])
            return nil
        }
    }

    /// Tells the breaker how an attempt went. One that failed has failed, though the dependency be known to be away by now: only what was never tried
    /// is free.
    func settle(_ outcome: JobOutcome, of dependency: String?) async {
        guard let dependency else { return }
        do {
            switch outcome {
            case .completed:
                try await store.recordSuccess(of: dependency)
            case .failed(let failure) where failure.isArchives:
                guard try await store.recordFailure(of: dependency, reason: failure.reason) != nil else { break }
                log.warning("the dependency is away: its jobs are held", metadata: ["dependency": "\(dependency)", "reason": "\(failure.reason)"])
            case .failed, .handedBack, .cancelled, .held:
                break
            }
        } catch {
            log.warning("cannot note how the dependency answered", metadata: ["dependency": "\(dependency)", "error": "\(error)"])
        }
    }

    /// Spread, so that not all come back for one probe; when it answers all are due at once.
    private func held(for dependency: String, _ seconds: Double) -> JobOutcome {
        .held(for: dependency, seconds: seconds * Double.random(in: 1...2))
    }
}
