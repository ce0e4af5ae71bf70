import Foundation
import JobEngine
import Testing

struct RetryPolicyTests {
    private let now = Date(timeIntervalSince1970: 1_750_000_000)

    private func failure(_ failureClass: JobFailure.Class) -> JobFailure {
        JobFailure(class: failureClass, code: "c", reason: "r")
    }

    @Test(arguments: [
        (JobFailure.Class.transient, 20), (.resource, 6), (.data, 1), (.defect, 3), (.crash, 3),
    ])
    func aClassIsTriedItsNumberOfTimes(_ failureClass: JobFailure.Class, tries: Int) {
        let policy = RetryPolicy { 0.5 }
        for failures in 1..<max(tries, 2) where failures < tries {
            guard case .retry = policy.decide(failure(failureClass), failures: failures, now: now) else {
                Issue.record("dead after \(failures) of \(tries) failures")
                return
            }
        }
        guard case .dead = policy.decide(failure(failureClass), failures: tries, now: now) else {
            Issue.record("not dead after \(tries) failures")
            return
        }
    }

    @Test(arguments: [(1, 1.0), (2, 2), (3, 4), (9, 256), (10, 300), (19, 300)])
    func transientDelaysDoubleUpToFiveMinutesWithFullJitter(failures: Int, longest: Double) {
        #expect(delay(.transient, failures, chance: 0) == 0)
        #expect(abs(delay(.transient, failures, chance: 0.999_999) - longest) < 0.01 * longest)
    }

    @Test(arguments: [(1, 60.0), (2, 120), (3, 240), (5, 960)])
    func resourceDelaysBeginAtAMinuteAndAreNeverShort(failures: Int, longest: Double) {
        #expect(delay(.resource, failures, chance: 0) == longest / 2)
        #expect(abs(delay(.resource, failures, chance: 0.999_999) - longest) < 0.01 * longest)
    }

    @Test func theThirdCrashInARowIsPoison() {
        guard case .dead(let reason) = RetryPolicy().decide(failure(.crash), failures: 3, now: now) else {
            Issue.record("not dead")
            return
        }
        #expect(reason.code == "poison")
    }

    @Test func progressStartsTheRowOfCrashesAnew() {
        var counts = FailureCounts()
        #expect(counts.add(.crash, progressed: false) == 1)
        #expect(counts.add(.crash, progressed: false) == 2)
        #expect(counts.add(.crash, progressed: true) == 0)
        #expect(counts.add(.crash, progressed: false) == 1)
    }

    @Test func classesAreCountedApart() {
        var counts = FailureCounts()
        _ = counts.add(.transient, progressed: false)
        _ = counts.add(.transient, progressed: false)
        #expect(counts.add(.defect, progressed: false) == 1)
        #expect(counts.add(.resource, progressed: false) == 1)
        #expect(counts.add(.transient, progressed: false) == 3)
    }

    private func delay(_ failureClass: JobFailure.Class, _ failures: Int, chance: Double) -> Double {
        guard case .retry(let date) = RetryPolicy(random: { chance }).decide(failure(failureClass), failures: failures, now: now) else {
            return .nan
        }
        return date.timeIntervalSince(now)
    }
}
