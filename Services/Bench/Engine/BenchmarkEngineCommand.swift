import ArgumentParser
import Console
import Documents
import JobEngine
import Operations
import Persistence
import WorkerRuntime

/// Rehearsal jobs that do nothing, through whatever evaluation workers run. Prints one JSON document on one line.
struct BenchmarkEngineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine", abstract: "Measure jobs per second and the time from enqueue to start.",
        discussion: "Example:\n  columna-bench engine --jobs 500")

    @Option(help: "No-op jobs for the throughput.", in: .from(1, to: 1_000_000))
    var jobs = 2000

    @Option(help: "Jobs per second while the time to start is measured.", in: .above(0, to: 100_000))
    var rate = 50.0

    @Option(help: "For so many seconds.", in: .above(0, to: 10_000))
    var seconds = 10.0

    private static let batch = 100
    private static let singles = 500

    func run() async throws {
        let system = try SystemConnection()
        let relay = OutboxRelay(
            store: system.store, log: WorkerLog.logger("columna", level: "warning"), broker: try system.broker)
        let relaying = Task { await relay.run() }
        try await measure(EngineBenchmark(store: system.store, timing: JobTiming(pool: system.pool), relay: relay))
        relaying.cancel()
        await relaying.value
    }

    private func measure(_ bench: EngineBenchmark) async throws {
        try await bench.finish(try await bench.enqueue(1, atOnce: 1))

        // One client, each job its own durable transaction; the queue is served meanwhile, as the peer's is.
        var begin = ContinuousClock.now
        let single = try await bench.enqueue(min(jobs, Self.singles), atOnce: 1)
        let enqueued = Double(single.count) / Self.seconds(since: begin)
        try await bench.finish(single)

        begin = .now
        let batched = try await bench.enqueue(jobs, atOnce: Self.batch)
        let enqueuedInBatches = Double(jobs) / Self.seconds(since: begin)
        try await bench.finish(batched)
        let throughput = Double(jobs) / Self.seconds(since: begin)

        let paced = try await bench.enqueue(Int(rate * seconds), perSecond: rate)
        try await bench.finish(paced)
        let latencies = try await bench.startLatencies(paced)
        func percentile(_ share: Double) -> JSONValue {
            .number(1000 * latencies[min(latencies.count - 1, Int(share * Double(latencies.count)))])
        }
        let document: [(key: String, value: JSONValue)] = [
            ("jobs", .integer(jobs)),
            ("jobs_per_second", .number(throughput)),
            ("enqueued_per_second", .number(enqueued)),
            ("enqueued_in_batches_per_second", .number(enqueuedInBatches)),
            ("start_p50_ms", percentile(0.5)), ("start_p95_ms", percentile(0.95)), ("start_p99_ms", percentile(0.99)),
        ]
        print(JSONValue.object(document).text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined())
    }

    private static func seconds(since begin: ContinuousClock.Instant) -> Double {
        (ContinuousClock.now - begin) / .seconds(1)
    }
}
