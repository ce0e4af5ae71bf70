import Console
import Files
import Foundation
import JobEngine
import Operations

/// Wall time of each stage of the demo, and the peak memory of the process that did it.
struct StageClock {
    struct Entry: Sendable {
        var stage: String
        var seconds: Double
        /// Highest resident set of the process since its start (`VmHWM`), nil when it has ended.
        var peakMebibytes: Int?
    }

    private(set) var entries: [Entry] = []

    mutating func measure<Result>(_ stage: String, _ body: () async throws -> Result) async rethrows -> Result {
        let stopwatch = Stopwatch()
        let result = try await body()
        add(stage, seconds: stopwatch.seconds, process: nil)
        return result
    }

    mutating func add(_ stage: String, seconds: Double, process: Int?) {
        entries.append(
            Entry(
                stage: stage, seconds: seconds,
                peakMebibytes: process.flatMap { ProcessMemory.peakBytes(of: $0) }.map { $0 >> 20 }))
    }

    /// How long a job ran, and the memory of the worker that ran it.
    mutating func add(_ job: JobRecord, in system: SystemConnection) async throws {
        guard let started = job.startedAt, let finished = job.finishedAt else { return }
        let workers = try await system.store.workers(heardOfWithin: 3600)
        let worker = try await system.store.attempts(of: job.id).last?.worker
        add(
            job.stage.rawValue, seconds: finished.timeIntervalSince(started),
            process: workers.first { $0.id == worker }?.processID)
    }

    var text: String {
        var table = TextTable("stage", ">seconds", ">peak MiB of its process")
        for entry in entries {
            table.add(entry.stage, String(format: "%.2f", entry.seconds), entry.peakMebibytes.map(String.init) ?? "–")
        }
        return table.text
    }
}
