package import Foundation

/// What happens after an attempt that failed: another one later, or the end.
package enum RetryDecision: Sendable, Equatable {
    case retry(at: Date)
    /// Dead for this reason: the failure itself, or `poison` after too many crashes.
    case dead(JobFailure)
}

/// How often and how far apart each class of failure is tried.
///
/// | class | tries | delay |
/// |---|---|---|
/// | transient | 20 | full jitter: uniform in 0…min(5 min, 1 s · 2ⁿ) |
/// | resource | 6 | full jitter over min(1 h, 60 s · 2ⁿ), at least half of it, since memory and disks come back slowly |
/// | data | 1 | none: dead at once |
/// | defect | 3 | as transient |
/// | crash | 3 without progress | as transient |
///
/// n counts from 0 at the first failure of the class. Tries are counted per class, so that a night without a database does not use up the
/// tries of a defect.
package struct RetryPolicy: Sendable {
    /// A number in 0..<1; injected so that tests own chance.
    private let random: @Sendable () -> Double

    package init(random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }) { self.random = random }

    /// Tries of a class before a job is dead; for crashes, those in a row without progress.
    package static func tries(_ failureClass: JobFailure.Class) -> Int {
        switch failureClass {
        case .transient: 20
        case .resource: 6
        case .data: 1
        case .defect, .crash: 3
        }
    }

    /// - Parameter failures: how many attempts failed with the class of `failure`, this one included.
    package func decide(_ failure: JobFailure, failures: Int, now: Date) -> RetryDecision {
        if failures >= Self.tries(failure.class) { return .dead(ending(failure)) }
        return .retry(at: now.addingTimeInterval(delayInSeconds(failure.class, failures: failures)))
    }

    private func ending(_ failure: JobFailure) -> JobFailure {
        guard failure.class == .crash else { return failure }
        return JobFailure(
            class: .crash, code: "poison",
            reason: "the job's worker vanished \(Self.tries(.crash)) times in a row without progress, last: \(failure.reason)")
    }

    private func delayInSeconds(_ failureClass: JobFailure.Class, failures: Int) -> Double {
        let doublings = Double(min(max(failures, 1) - 1, 30))
        switch failureClass {
        case .resource:
            let longest = min(3600, 60 * exp2(doublings))
            return longest * (0.5 + 0.5 * random())
        case .transient, .data, .defect, .crash:
            return min(300, exp2(doublings)) * random()
        }
    }
}
