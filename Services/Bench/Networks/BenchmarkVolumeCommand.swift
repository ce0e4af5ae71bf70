import ArgumentParser
import Console
import Documents
import Files
import Foundation
import TensorCore
import Threads

/// `columna-bench volume`: a whole volume by sliding window.
struct BenchmarkVolumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "volume", abstract: "Measure a whole volume through a network, window by window, to labels.",
        discussion: """
            The volume is a tensor as the network takes it (resampled, intensities scaled); windows are of the size of --patch and blended with
            Gaussian weights.

            Example:
              columna-bench volume --input ct.safetensors --overlap 0.25 --repeat 1
            """)

    @OptionGroup var options: NetworkBenchmarkOptions

    @Option(help: "Share of a window's edge that the next one covers again.", in: .from(0, below: 1))
    var overlap = 0.25

    @Option(
        help: ArgumentHelp(
            "Where to write the labels of the last run (safetensors, tensor `labels`).", valueName: "file"))
    var output: String?

    func run() async throws {
        let command = self
        try await OwnThread.run { try command.measure() }
    }

    private func measure() throws {
        var benchmark = try VolumeBenchmark(options, overlap: overlap)
        func run() throws {
            try benchmark.run()
            if let output { try benchmark.writeLabels(to: output) }
        }
        if options.serve {
            return try BenchmarkService.serve {
                try run()
                return [("windows", .integer(benchmark.windows))]
            }
        }
        var seconds: [Double] = []
        for _ in 0..<options.repeat {
            let clock = Stopwatch()
            try run()
            seconds.append(clock.seconds)
        }
        show(seconds.sorted(), windows: benchmark.windows)
    }

    private func show(_ seconds: [Double], windows: Int) {
        let median = (seconds[(seconds.count - 1) / 2] + seconds[seconds.count / 2]) / 2
        let peak = ProcessMemory.peakBytes()
        if options.json {
            return print(
                JSONValue.object([
                    ("benchmark", "volume"), ("windows", .integer(windows)), ("threads", .integer(options.threads)),
                    ("exact", .boolean(options.exact)), ("median_seconds", .number(median)),
                    ("seconds", JSONValue(seconds.map { .number($0) })),
                    ("peak_bytes", JSONValue(peak)),
                ]).text)
        }
        var table = TextTable("volume", ">")
        table.add("windows", "\(windows)")
        table.add("median of \(Wording.count(seconds.count, "run"))", String(format: "%.2f s", median))
        table.add("peak memory of the process", peak.map { "\($0 >> 20) MiB" } ?? "-")
        print(table.text)
    }
}
