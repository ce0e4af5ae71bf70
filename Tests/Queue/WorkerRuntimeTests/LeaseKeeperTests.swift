import Foundation
import JobEngine
import Logging
import Studies
import TestSupport
import Testing
import WorkerRuntime

/// The keeper over the in-memory store, with clocks that the test moves: the store's, and the worker's own monotonic
/// one.
@Suite struct LeaseKeeperTests {
    private let clock = SettableClock(JobStoreConformance.dawn)
    private let start = ContinuousClock.now

    private let store: InMemoryJobStore

    init() { store = InMemoryJobStore { [clock] in clock.now } }

    /// A keeper, and a job that it keeps.
    private func underWay() async throws -> (LeaseKeeper, JobControl) {
        let (keeper, control) = (makeKeeper(), try await claimed())
        keeper.add(control)
        return (keeper, control)
    }

    private func claimed() async throws -> JobControl {
        _ = try await store.enqueue([JobRequest(kind: Rehearsal.kind, tenant: "test")])
        let jobs = try await store.claimAvailableJobs(ClaimRequest(stage: .evaluation, worker: "w", leaseInSeconds: 60))
        return JobControl(try #require(jobs.first), leaseUntil: start + .seconds(60))
    }

    private func makeKeeper() -> LeaseKeeper {
        LeaseKeeper(
            store: store, leaseInSeconds: 60, log: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    @Test func extendsTheLeaseAndStoresProgress() async throws {
        let (keeper, control) = try await underWay()
        control.report(progress: 0.25, note: "a quarter")
        await keeper.renew(now: start + .seconds(30))
        #expect(control.interruption == nil)
        #expect(control.leaseUntil == start + .seconds(90))
        let record = await store.job(control.job)
        #expect(record?.progress == 0.25)
        #expect(record?.progressNote == "a quarter")
    }

    @Test func bringsBackACancellation() async throws {
        let (keeper, control) = try await underWay()
        _ = try await store.cancelJob(control.job, actor: "tester")
        await keeper.renew(now: start + .seconds(1))
        #expect(control.interruption == .cancelled)
    }

    @Test func bringsBackAPause() async throws {
        let (keeper, control) = try await underWay()
        _ = try await store.pauseJob(control.job, actor: "tester")
        await keeper.renew(now: start + .seconds(1))
        #expect(control.interruption == .paused)
    }

    @Test func stopsAJobWhoseLeaseIsAnothers() async throws {
        let (keeper, control) = try await underWay()
        clock.advance(bySeconds: 61)
        _ = try await store.sweep()
        await keeper.renew(now: start + .seconds(62))
        #expect(control.interruption == .leaseLost)
    }

    @Test func aLostLeaseOutranksACancellation() async throws {
        let control = try await claimed()
        control.interrupt(.cancelled)
        control.interrupt(.draining)
        #expect(control.interruption == .cancelled)
        control.interrupt(.leaseLost)
        #expect(control.interruption == .leaseLost)
    }

    @Test func aJobThatComesAfterTheDrainBeganIsInterruptedAtOnce() async throws {
        let (keeper, control) = (makeKeeper(), try await claimed())
        keeper.drain()
        keeper.add(control)
        #expect(control.interruption == .draining)
    }
}
