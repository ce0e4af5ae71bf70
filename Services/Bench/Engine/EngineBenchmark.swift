import Console
import Foundation
import JobEngine
import Persistence
import Studies
import WorkerRuntime

/// Enqueues jobs that do nothing and watches them end, in the database alone.
struct EngineBenchmark: Sendable {
    let store: any JobStore
    let timing: JobTiming
    /// Of this process, as where studies are taken in: it publishes a wake-up as soon as its transaction is committed.
    let relay: OutboxRelay

    /// Enqueues as fast as it goes, `atOnce` jobs in a transaction.
    func enqueue(_ count: Int, atOnce: Int) async throws -> [JobID] {
        var ids: [JobID] = []
        while ids.count < count {
            let requests = try (0..<min(atOnce, count - ids.count)).map { _ in try request() }
            ids += try await store.enqueue(requests).map(\.id)
            relay.ring()
        }
        return ids
    }

    /// Enqueues one at a time, evenly spread.
    func enqueue(_ count: Int, perSecond rate: Double) async throws -> [JobID] {
        let begin = ContinuousClock.now
        var ids: [JobID] = []
        for number in 0..<count {
            try await Task.sleep(until: begin + .seconds(Double(number) / rate), tolerance: .zero)
            ids += try await store.enqueue([try request()]).map(\.id)
            relay.ring()
        }
        return ids
    }

    private func request() throws -> JobRequest {
        try JobRequest(Rehearsal(), tenant: "benchmark")
    }

    /// Returns when all have succeeded.
    func finish(_ jobs: [JobID]) async throws {
        let end = ContinuousClock.now + .seconds(300)
        while true {
            let left = try await timing.unsucceededCount(of: jobs)
            if left == 0 { return }
            guard ContinuousClock.now < end else {
                throw CommandFailure(
                    .timeout,
                    "\(left) of \(jobs.count) jobs have not succeeded within 300 s; look at `columna workers` and `columna jobs`"
                )
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Seconds from the client's call to the claim, ascending.
    func startLatencies(_ jobs: [JobID]) async throws -> [Double] {
        try await timing.startLatencies(of: jobs)
    }
}
