package import Foundation

/// What becomes of a running job whose attempt ended without success. Decided here, for every store; the stores write
/// it down.
package struct AttemptEnd: Sendable, Equatable {
    /// `waiting`, `queued`, `dead` or `cancelled`.
    package var state: JobState
    /// When a waiting job is due again.
    package var runAt: Date?
    package var counts: FailureCounts
    package var failure: JobFailure?
    package var outcome: AttemptOutcome
    /// What a waiting job is held for, as it is away; nil: for nothing.
    package var heldFor: String?

    /// After a failure that the worker reported, or that the sweeper found (class `crash`).
    ///
    /// - Parameters:
    ///   - job: as it runs.
    ///   - progressed: whether this attempt got further than those before.
    package static func failed(
        _ job: JobRecord, counts: FailureCounts, progressed: Bool, failure: JobFailure, policy: RetryPolicy, now: Date
    ) -> AttemptEnd {
        var counts = counts
        let row = counts.add(failure.class, progressed: progressed, now: now)
        let outcome: AttemptOutcome = failure.class == .crash ? .crashed : .failed
        if job.cancellationRequested {
            return AttemptEnd(state: .cancelled, runAt: nil, counts: counts, failure: failure, outcome: outcome)
        }
        return switch policy.decide(failure, of: job.kind, row: row, now: now) {
        case .retry(let seconds):
            AttemptEnd(
                state: .waiting, runAt: now.addingTimeInterval(seconds), counts: counts, failure: failure,
                outcome: outcome)
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

    /// What the job needs is known to be away: it waits without an attempt. What its own attempts have failed before
    /// stays counted, since when included: else one that fails whenever it may try would never end.
    package static func held(
        _ job: JobRecord, counts: FailureCounts, for dependency: String, reason: String, seconds: Double, now: Date
    ) -> AttemptEnd {
        if job.cancellationRequested || job.isPaused { return handedBack(job, counts: counts) }
        let failure = JobFailure(
            class: .transient, code: "held",
            reason: "\(dependency) is away, so the job waits until it is back: \(reason)")
        return AttemptEnd(
            state: .waiting, runAt: now.addingTimeInterval(seconds), counts: counts, failure: failure,
            outcome: .interrupted, heldFor: dependency)
    }
}
