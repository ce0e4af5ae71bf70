import Foundation
import JobEngine
import Logging
import Testing
import WorkerRuntime

/// The keeper over the in-memory store, with a clock that the test moves.
@Suite struct LeaseKeeperTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func claimed(_ store: any JobStore) async throws -> ClaimedJob {
        _ = try await store.enqueue([JobRequest(kind: .rehearsal, tenant: "test")], now: start)
        let jobs = try await store.claimAvailableJobs(ClaimRequest(stage: .evaluation, worker: "w", leaseInSeconds: 60), now: start)
        return try #require(jobs.first)
    }

    private func keeper(_ store: any JobStore) -> LeaseKeeper {
        LeaseKeeper(store: store, leaseInSeconds: 60, log: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    @Test func extendsTheLeaseAndStoresProgress() async throws {
        let store: any JobStore = InMemoryJobStore()
        let job = try await claimed(store)
        let (keeper, control) = (keeper(store), JobControl(job))
        keeper.add(control)
        control.report(progress: 0.25, note: "a quarter")
        await keeper.renew(now: start.addingTimeInterval(30))
        #expect(control.interruption == nil)
        #expect(control.leaseUntil == start.addingTimeInterval(90))
        let record = try await store.job(job.record.id)
        #expect(record?.progress == 0.25)
        #expect(record?.progressNote == "a quarter")
    }

    @Test func bringsBackACancellation() async throws {
        let store: any JobStore = InMemoryJobStore()
        let job = try await claimed(store)
        let (keeper, control) = (keeper(store), JobControl(job))
        keeper.add(control)
        _ = try await store.cancelJob(job.record.id, actor: "tester", now: start)
        await keeper.renew(now: start.addingTimeInterval(1))
        #expect(control.interruption == .cancelled)
    }

    @Test func bringsBackAPause() async throws {
        let store: any JobStore = InMemoryJobStore()
        let job = try await claimed(store)
        let (keeper, control) = (keeper(store), JobControl(job))
        keeper.add(control)
        _ = try await store.pauseJob(job.record.id, actor: "tester", now: start)
        await keeper.renew(now: start.addingTimeInterval(1))
        #expect(control.interruption == .paused)
    }

    @Test func stopsAJobWhoseLeaseIsAnothers() async throws {
        let store: any JobStore = InMemoryJobStore()
        let job = try await claimed(store)
        let (keeper, control) = (keeper(store), JobControl(job))
        keeper.add(control)
        _ = try await store.sweep(now: start.addingTimeInterval(61))
        await keeper.renew(now: start.addingTimeInterval(62))
        #expect(control.interruption == .leaseLost)
    }

    @Test func aLostLeaseOutranksACancellation() async throws {
        let store: any JobStore = InMemoryJobStore()
        let control = JobControl(try await claimed(store))
        control.interrupt(.cancelled)
        control.interrupt(.draining)
        #expect(control.interruption == .cancelled)
        control.interrupt(.leaseLost)
        #expect(control.interruption == .leaseLost)
    }

    @Test func aJobThatComesAfterTheDrainBeganIsInterruptedAtOnce() async throws {
        let store: any JobStore = InMemoryJobStore()
        let control = JobControl(try await claimed(store))
        let keeper = keeper(store)
        keeper.drain()
        keeper.add(control)
        #expect(control.interruption == .draining)
    }
}
