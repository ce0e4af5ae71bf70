package import Foundation

/// What becomes of a running job whose attempt ended without success. Decided here, for every store; the stores write it down.
package struct AttemptEnd: Sendable, Equatable {
    /// `waiting`, `queued`, `dead` or `cancelled`.
    package var state: JobState
    /// When a waiting job is due again.
    package var runAt: Date?
    package var counts: FailureCounts
    package var failure: JobFailure?
    package var outcome: AttemptOutcome

    /// After a failure that the worker reported, or that the sweeper found (class `crash`).
    ///
    /// - Parameters:
    ///   - job: as it runs.
    ///   - progressed: whether this attempt got further than those before.
    package static func failed(
        _ job: JobRecord, counts: FailureCounts, progressed: Bool, failure: JobFailure, policy: RetryPolicy, now: Date
    ) -> AttemptEnd {
        var counts = counts
        let failures = counts.add(failure.class, progressed: progressed)
        let outcome: AttemptOutcome = failure.class == .crash ? .crashed : .failed
        if job.cancellationRequested {
            return AttemptEnd(state: .cancelled, runAt: nil, counts: counts, failure: failure, outcome: outcome)
        }
        return switch policy.decide(failure, failures: failures, now: now) {
        case .retry(let date): AttemptEnd(state: .waiting, runAt: date, counts: counts, failure: failure, outcome: outcome)
        case .dead(let reason): AttemptEnd(state: .dead, runAt: nil, counts: counts, failure: reason, outcome: outcome)
        }
    }

    /// After a drain or a requested pause: the attempt does not count.
    package static func handedBack(_ job: JobRecord, counts: FailureCounts) -> AttemptEnd {
        let state: JobState = job.cancellationRequested ? .cancelled : job.isPaused ? .waiting : .queued
        return AttemptEnd(state: state, runAt: nil, counts: counts, failure: job.failure, outcome: .interrupted)
    }
}

/// How an attempt ended.
package enum AttemptOutcome: String, Sendable, Codable, CaseIterable {
    case succeeded, failed, crashed, interrupted, cancelled
}

extension AttemptEnd {
    /// After a cancellation that the handler obeyed.
    package static func cancelled(_ job: JobRecord, counts: FailureCounts) -> AttemptEnd {
        AttemptEnd(state: .cancelled, runAt: nil, counts: counts, failure: job.failure, outcome: .cancelled)
    }
}
