package import Foundation

/// What happens after an attempt that failed: another one later, or the end.
package enum RetryDecision: Sendable, Equatable {
    case retry(afterSeconds: Double)
    /// Dead for this reason: the failure itself, or `poison` after too many crashes.
    case dead(JobFailure)
}

/// How long and how far apart each class of failure is tried. What people mend is tried for as long as their mending
/// takes: an archive's maintenance ends within a weekend, a full disk is seen the next morning.
///
/// | class | dead after | delay before the next try |
/// |---|---|---|
/// | transient | 24 h since the first of the row, 72 h for jobs that need an archive; never before the fifth | full jitter: 0…min(15 min, 1 s · 2ⁿ) |
/// | resource | the same | min(1 h, 60 s · 2ⁿ), at least half of it, since memory and disks come back slowly |
/// | data | the first | none |
/// | defect | the third | 2 min · 8ⁿ, at least half of it |
/// | crash | the third without progress | as defect: three kills for want of memory are not three proofs of poison |
///
/// n counts from 0 at the first failure of the row. A row is of one class, so that a night without a database does not
/// use up the tries of a defect; progress ends it, but for defects.
package struct RetryPolicy: Sendable {
    /// A factor on all delays and times: below 1 for rehearsals.
    private let pace: Double
    /// A number in 0..<1; injected so that tests own chance.
    private let random: @Sendable () -> Double

    package init(pace: Double = 1, random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }) {
        self.pace = pace
        self.random = random
    }

    /// - Parameter row: the failures of this class up to this one, included.
    package func decide(_ failure: JobFailure, of kind: JobKind, row: FailureRow, now: Date) -> RetryDecision {
        let elapsed = row.since.map { now.timeIntervalSince($0) } ?? 0
        let isOver =
            switch failure.class {
            case .transient, .resource: row.count >= Self.leastTries && elapsed >= kind.patienceInHours * 3600 * pace
            case .data: true
            case .defect, .crash, .unknown: row.count >= Self.tries
            }
        return isOver
            ? .dead(ending(failure)) : .retry(afterSeconds: pace * delayInSeconds(failure.class, failures: row.count))
    }

    /// Tries of a defect, and crashes in a row without progress, before a job is dead.
    package static let tries = 3
    /// A job that was held up between two tries, by a pause for one, gets so many whatever the time.
    package static let leastTries = 5

    private func ending(_ failure: JobFailure) -> JobFailure {
        guard failure.class == .crash else { return failure }
        return JobFailure(
            class: .crash, code: "poison",
            reason: "the job's worker vanished \(Self.tries) times in a row without progress, last: \(failure.reason)")
    }

    private func delayInSeconds(_ failureClass: JobFailure.Class, failures: Int) -> Double {
        let step = Double(min(max(failures, 1) - 1, 30))
        return switch failureClass {
        case .transient: min(900, exp2(step)) * random()
        case .resource: min(3600, 60 * exp2(step)) * (0.5 + 0.5 * random())
        case .data, .defect, .crash, .unknown: min(3600, 120 * exp2(3 * step)) * (0.5 + 0.5 * random())
        }
    }
}
