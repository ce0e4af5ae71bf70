import Console
import Documents
import Files
import Foundation
import Networks
import TensorCore
import Threads

extension NetworkBenchmark {
    mutating func serve() throws {
        try BenchmarkService.serve { try run().map { [("loss", .number($0))] } ?? [] }
    }

    mutating func report(repeats: Int, json: Bool) throws {
        _ = try run()
        var seconds: [Double] = []
        for _ in 0..<repeats {
            let clock = Stopwatch()
            _ = try run()
            seconds.append(clock.seconds)
        }
        // The peak before the machine is measured, which needs memory of its own.
        let peak = ProcessMemory.peakBytes()
        let result = Result(seconds: seconds, peak: peak, machine: GEMMRate.measured(pool: pool))
        if json { print(document(result).text) } else { print(table(result)) }
    }

    private struct Result {
        let seconds: [Double]
        let peak: Int?
        /// Operations per second of matrix products.
        let machine: Double

        var median: Double {
            let sorted = seconds.sorted()
            return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        }
    }

    /// Operations per second, as if every convolution were computed directly.
    private func rate(_ result: Result) -> Double { 2 * Double(multiplications) / result.median }

    private func document(_ result: Result) -> JSONValue {
        .object([
            ("benchmark", .string(work.rawValue)),
            ("architecture", .string(network.configuration.architecture.rawValue)),
            ("shape", JSONValue(input.shape.map { .integer($0) })), ("threads", .integer(pool.threads)),
            ("exact", .boolean(isExact)),
            ("median_seconds", .number(result.median)), ("seconds", JSONValue(result.seconds.map { .number($0) })),
            ("multiplications", .integer(multiplications)), ("effective_gflops", .number(rate(result) / 1e9)),
            ("machine_gemm_gflops", .number(result.machine / 1e9)),
            ("share_of_gemm", .number(rate(result) / result.machine)),
            ("planned_bytes", .integer(memory.bytes)), ("peak_bytes", JSONValue(result.peak)),
        ])
    }

    private func table(_ result: Result) -> String {
        var table = TextTable("\(network.configuration.architecture.rawValue), \(work.rawValue)", ">")
        table.add("input", "\(input.shape)")
        table.add("threads", "\(pool.threads)")
        table.add("convolutions", isExact ? "direct" : "Winograd where it is faster")
        table.add("median of \(Wording.count(result.seconds.count, "run"))", String(format: "%.3f s", result.median))
        table.add(
            "quickest, slowest", String(format: "%.3f, %.3f s", result.seconds.min() ?? 0, result.seconds.max() ?? 0))
        table.add("multiplications, computed directly", String(format: "%.1f G", Double(multiplications) / 1e9))
        table.add("effective rate", String(format: "%.1f GFLOP/s", rate(result) / 1e9))
        table.add("the machine's matrix products", String(format: "%.1f GFLOP/s", result.machine / 1e9))
        table.add("share of them", String(format: "%.0f %%", 100 * rate(result) / result.machine))
        table.add("memory planned", MemoryPlan.text(memory.bytes))
        table.add("peak memory of the process", result.peak.map { "\($0 >> 20) MiB" } ?? "-")
        return table.text
    }
}
