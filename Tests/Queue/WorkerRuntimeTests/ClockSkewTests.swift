import Foundation
import JobEngine
import Logging
import Studies
import TestSupport
import Testing
import WorkerRuntime

/// Hosts whose clocks are wrong. The store's clock stands where the test has put it.
struct ClockSkewTests {
    private let clock = SettableClock(JobStoreConformance.dawn)

    private func store() -> any JobStore { InMemoryJobStore { [clock] in clock.now } }

    private func hostClock(aheadBySeconds seconds: Double) -> @Sendable () -> Date {
        { [clock] in clock.now.addingTimeInterval(seconds) }
    }

    @Test(arguments: [-3600.0, -1.5, 0, 0.9, 300])
    func aSkewIsMeasuredAgainstTheStoresClock(_ seconds: Double) async throws {
        let skew = try await ClockSkew.measure(store(), wallClock: hostClock(aheadBySeconds: seconds))
        #expect(abs(skew.seconds - seconds) <= skew.uncertaintyInSeconds + 1e-6)
    }

    @Test(arguments: [(1.0, 0.0, false), (1.1, 0, true), (-1.1, 0, true), (1.4, 0.5, false), (-300, 2, true)])
    func aSkewIsTooLargeOnlyWhenItIsSurelyBeyondASecond(seconds: Double, uncertainty: Double, isTooLarge: Bool) {
        #expect(ClockSkew(seconds: seconds, uncertaintyInSeconds: uncertainty).isTooLarge == isTooLarge)
    }

    @Test func aSkewIsToldInWords() {
        #expect("\(ClockSkew(seconds: 300, uncertaintyInSeconds: 0))" == "300.0 s ahead")
        #expect("\(ClockSkew(seconds: -1.2345, uncertaintyInSeconds: 0))" == "1.235 s behind")
    }

    @Test func aWorkerFiveMinutesAheadExpiresNoLease() async throws {
        let store = store()
        _ = try await store.sweep(everySeconds: 5)
        _ = try await store.enqueue((0..<3).map { _ in JobRequest(kind: Rehearsal.kind, tenant: "clinic") })
        _ = try await store.claimAvailableJobs(
            ClaimRequest(stage: .evaluation, worker: "healthy", limit: 3, leaseInSeconds: 120))
        #expect(try await sweeper(store, aheadBySeconds: 300).sweep() == nil)
        // Nor does it where it may sweep: what counts is the store's clock.
        clock.advance(bySeconds: 5)
        #expect(try await sweeper(store, aheadBySeconds: 0.5).sweep() == SweepReport())
        #expect(try await store.jobs(JobFilter(states: [.running])).count == 3)
    }

    @Test func aWorkerWithAWrongClockLeavesSweepingToOthers() async throws {
        let store = store()
        _ = try await store.enqueue([JobRequest(kind: Rehearsal.kind, tenant: "clinic")])
        _ = try await store.claimAvailableJobs(ClaimRequest(stage: .evaluation, worker: "dead", leaseInSeconds: 120))
        clock.advance(bySeconds: 100)
        _ = try await store.sweep(everySeconds: 5)
        clock.advance(bySeconds: 21)
        #expect(try await sweeper(store, aheadBySeconds: -300).sweep() == nil)
        #expect(try await sweeper(store, aheadBySeconds: 0).sweep()?.expiredLeases == 1)
    }

    @Test func whereEveryClockDiffersFromTheDatabasesASweepIsCarriedOutWhenItIsLongOverdue() async throws {
        let store = store()
        _ = try await store.sweep(everySeconds: 5)
        clock.advance(bySeconds: 54)
        #expect(try await sweeper(store, aheadBySeconds: -300).sweep() == nil)
        clock.advance(bySeconds: 1)
        #expect(try await sweeper(store, aheadBySeconds: -300).sweep() == SweepReport())
        #expect(try await sweeper(store, aheadBySeconds: -300).sweep() == nil)
    }

    private func sweeper(_ store: any JobStore, aheadBySeconds seconds: Double) -> Sweeper {
        let log = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        return Sweeper(store: store, everySeconds: 5, log: log, wallClock: hostClock(aheadBySeconds: seconds))
    }
}
