import Foundation
import JobEngine
import Logging
import TestSupport
import Testing
import WorkerRuntime

/// The keeper over the in-memory store, with clocks that the test moves: the store's, and the worker's own monotonic
/// one.
@Suite struct LeaseKeeperTests {
    private let clock = SettableClock(JobStoreConformance.dawn)
    private let start = ContinuousClock.now

    private func makeStore() -> any JobStore { InMemoryJobStore { [clock] in clock.now } }

    private func claimed(_ store: any JobStore) async throws -> ClaimedJob {
        _ = try await store.enqueue([JobRequest(kind: .rehearsal, tenant: "test")])
        let jobs = try await store.claimAvailableJobs(ClaimRequest(stage: .evaluation, worker: "w", leaseInSeconds: 60))
        return try #require(jobs.first)
    }

    private func control(_ job: ClaimedJob) -> JobControl { JobControl(job, leaseUntil: start + .seconds(60)) }

    private func keeper(_ store: any JobStore) -> LeaseKeeper {
        LeaseKeeper(
            store: store, leaseInSeconds: 60, log: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    @Test func extendsTheLeaseAndStoresProgress() async throws {
        let store = makeStore()
        let job = try await claimed(store)
        let (keeper, control) = (keeper(store), control(job))
        keeper.add(control)
        control.report(progress: 0.25, note: "a quarter")
        await keeper.renew(now: start + .seconds(30))
        #expect(control.interruption == nil)
        #expect(control.leaseUntil == start + .seconds(90))
        let record = try await store.job(job.record.id)
        #expect(record?.progress == 0.25)
        #expect(record?.progressNote == "a quarter")
    }

    @Test func bringsBackACancellation() async throws {
        let store = makeStore()
        let job = try await claimed(store)
        let (keeper, control) = (keeper(store), control(job))
        keeper.add(control)
        _ = try await store.cancelJob(job.record.id, actor: "tester")
        await keeper.renew(now: start + .seconds(1))
        #expect(control.interruption == .cancelled)
    }

    @Test func bringsBackAPause() async throws {
        let store = makeStore()
        let job = try await claimed(store)
        let (keeper, control) = (keeper(store), control(job))
        keeper.add(control)
        _ = try await store.pauseJob(job.record.id, actor: "tester")
        await keeper.renew(now: start + .seconds(1))
        #expect(control.interruption == .paused)
    }

    @Test func stopsAJobWhoseLeaseIsAnothers() async throws {
        let store = makeStore()
        let job = try await claimed(store)
        let (keeper, control) = (keeper(store), control(job))
        keeper.add(control)
        clock.advance(bySeconds: 61)
        _ = try await store.sweep()
        await keeper.renew(now: start + .seconds(62))
        #expect(control.interruption == .leaseLost)
    }

    @Test func aLostLeaseOutranksACancellation() async throws {
        let store = makeStore()
        let control = control(try await claimed(store))
        control.interrupt(.cancelled)
        control.interrupt(.draining)
        #expect(control.interruption == .cancelled)
        control.interrupt(.leaseLost)
        #expect(control.interruption == .leaseLost)
    }

    @Test func aJobThatComesAfterTheDrainBeganIsInterruptedAtOnce() async throws {
        let store = makeStore()
        let control = control(try await claimed(store))
        let keeper = keeper(store)
        keeper.drain()
        keeper.add(control)
        #expect(control.interruption == .draining)
    }
}
