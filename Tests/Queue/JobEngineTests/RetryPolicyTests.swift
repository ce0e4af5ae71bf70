import Foundation
import JobEngine
import Studies
import Testing

struct RetryPolicyTests {
    private let now = Date(timeIntervalSince1970: 1_750_000_000)

    private func failure(_ failureClass: JobFailure.Class) -> JobFailure {
        JobFailure(class: failureClass, code: "c", reason: "r")
    }

    private func decide(
        _ failureClass: JobFailure.Class, of kind: JobKind = SegmentVolume.kind, failures: Int, hours: Double = 0,
        pace: Double = 1, chance: Double = 0.5
    ) -> RetryDecision {
        let row = FailureRow(count: failures, since: now.addingTimeInterval(-hours * 3600))
        return RetryPolicy(pace: pace, random: { chance }).decide(failure(failureClass), of: kind, row: row, now: now)
    }

    private func isDead(_ decision: RetryDecision) -> Bool { if case .dead = decision { true } else { false } }

    private func delay(_ failureClass: JobFailure.Class, _ failures: Int, chance: Double, pace: Double = 1) -> Double {
        guard case .retry(let seconds) = decide(failureClass, failures: failures, pace: pace, chance: chance) else {
            return .nan
        }
        return seconds
    }

    /// A full disk at night, a database that is moved: somebody mends it in the morning.
    @Test(
        arguments: [JobFailure.Class.transient, .resource],
        [IngestStudy.kind, PreprocessVolume.kind, SegmentVolume.kind, TrainModel.kind, Rehearsal.kind])
    func whatOthersMendIsTriedForADay(_ failureClass: JobFailure.Class, _ kind: JobKind) {
        #expect(!isDead(decide(failureClass, of: kind, failures: 10_000, hours: 23.9)))
        #expect(isDead(decide(failureClass, of: kind, failures: 5, hours: 24)))
    }

    /// An archive's maintenance may take a weekend.
    @Test(arguments: [JobFailure.Class.transient, .resource], [RetrieveStudy.kind, DeliverSegmentation.kind])
    func whatNeedsAnArchiveIsTriedForThreeDays(_ failureClass: JobFailure.Class, _ kind: JobKind) {
        #expect(!isDead(decide(failureClass, of: kind, failures: 10_000, hours: 71.9)))
        #expect(isDead(decide(failureClass, of: kind, failures: 5, hours: 72)))
    }

    @Test func aJobThatWasHeldUpBetweenItsTriesGetsFiveOfThem() {
        #expect(!isDead(decide(.transient, failures: 4, hours: 500)))
        #expect(isDead(decide(.transient, failures: 5, hours: 500)))
    }

    @Test func badDataIsDeadAtOnce() { #expect(isDead(decide(.data, failures: 1))) }

    @Test(arguments: [JobFailure.Class.defect, .crash])
    func defectsAndCrashesAreTriedThreeTimesWithMinutesBetween(_ failureClass: JobFailure.Class) {
        #expect(delay(failureClass, 1, chance: 0) == 60)
        #expect(delay(failureClass, 2, chance: 0) == 480)
        #expect(isDead(decide(failureClass, failures: 3)))
    }

    @Test(arguments: [(1, 1.0), (2, 2), (3, 4), (9, 256), (11, 900), (200, 900)])
    func transientDelaysDoubleUpToAQuarterOfAnHourWithFullJitter(failures: Int, longest: Double) {
        #expect(delay(.transient, failures, chance: 0) == 0)
        #expect(abs(delay(.transient, failures, chance: 0.999_999) - longest) < 0.01 * longest)
    }

    @Test(arguments: [(1, 60.0), (2, 120), (3, 240), (5, 960), (9, 3600)])
    func resourceDelaysBeginAtAMinuteAndAreNeverShort(failures: Int, longest: Double) {
        #expect(delay(.resource, failures, chance: 0) == longest / 2)
        #expect(abs(delay(.resource, failures, chance: 0.999_999) - longest) < 0.01 * longest)
    }

    @Test func aRehearsalsPaceScalesDelaysAndTimes() {
        #expect(delay(.defect, 1, chance: 0, pace: 0.01) == 0.6)
        #expect(isDead(decide(.resource, failures: 5, hours: 0.25, pace: 0.01)))
        #expect(!isDead(decide(.resource, failures: 5, hours: 0.23, pace: 0.01)))
    }

    @Test func theThirdCrashInARowIsPoison() {
        guard case .dead(let reason) = decide(.crash, failures: 3) else {
            Issue.record("not dead")
            return
        }
        #expect(reason.code == "poison")
    }

    @Test func progressEndsEveryRowButThatOfDefects() {
        var counts = FailureCounts()
        for failureClass in [JobFailure.Class.crash, .transient, .resource, .defect] {
            _ = counts.add(failureClass, progressed: false, now: now)
        }
        #expect(counts.add(.crash, progressed: false, now: now).count == 2)
        #expect(counts.add(.crash, progressed: true, now: now).count == 0)
        #expect(counts == FailureCounts(defect: FailureRow(count: 1, since: now)))
        #expect(counts.add(.crash, progressed: false, now: now).count == 1)
    }

    @Test func classesAreCountedApartEachSinceItsFirst() {
        let later = now.addingTimeInterval(3600)
        var counts = FailureCounts()
        _ = counts.add(.transient, progressed: false, now: now)
        #expect(counts.add(.transient, progressed: false, now: later) == FailureRow(count: 2, since: now))
        #expect(counts.add(.defect, progressed: false, now: later) == FailureRow(count: 1, since: later))
        #expect(counts.add(.resource, progressed: false, now: later) == FailureRow(count: 1, since: later))
        #expect(counts.add(.transient, progressed: false, now: later) == FailureRow(count: 3, since: now))
    }
}
