import ArgumentParser
import Console
import Documents
import Files
import Foundation
import Metrics
import Threads
import Volumes

/// `columna-bench metrics`: all metrics of two label maps, reading left out.
struct BenchmarkMetricsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Measure how long the metrics of two label maps take.",
        discussion: """
            Example:
              columna-bench metrics truth.nii prediction.nii --no-mesh
            """)

    @Argument(help: "Ground truth (NIfTI).", completion: .file())
    var truth: String

    @Argument(help: "Segmentation on the same grid (NIfTI).", completion: .file())
    var prediction: String

    @OptionGroup var comparison: LabelMapComparison

    @Option(help: "Measured runs, after one that warms up.", in: .repeats)
    var `repeat` = 5

    @OptionGroup var output: OutputOptions

    @Flag(help: .hidden)
    var serve = false

    func validate() throws {
        try comparison.validate()
    }

    func run() async throws {
        let command = self
        try await OwnThread.run { try command.measure() }
    }

    private func measure() throws {
        let pair = try comparison.read(truth: truth, prediction: prediction)
        let before = ProcessMemory.peakBytes()
        func run() throws -> Double {
            let clock = Stopwatch()
            _ = try comparison.measure(pair)
            return clock.seconds
        }
        if serve {
            try BenchmarkService.serve {
                [
                    ("seconds_of_metrics", .number(try run())),
                    ("bytes_on_top_of_inputs", JSONValue(Self.added(since: before))),
                ]
            }
        } else {
            _ = try run()
            show(try (0..<self.repeat).map { _ in try run() }.sorted(), pair, Self.added(since: before))
        }
    }

    /// How much higher the process's peak is than when the volumes were read.
    private static func added(since before: Int?) -> Int? {
        guard let before, let now = ProcessMemory.peakBytes() else { return nil }
        return now - before
    }

    private func show(_ seconds: [Double], _ pair: LabelMapComparison.Pair, _ added: Int?) {
        let median = (seconds[(seconds.count - 1) / 2] + seconds[seconds.count / 2]) / 2
        let voxels = pair.truth.geometry.voxelCount
        let document: JSONValue = [
            "benchmark": "metrics", "voxels": .integer(voxels), "meshes": .boolean(!comparison.noMesh),
            "median_seconds": .number(median),
            "seconds": JSONValue(seconds.map { .number($0) }), "bytes_on_top_of_inputs": JSONValue(added),
            "peak_bytes": JSONValue(ProcessMemory.peakBytes()),
        ]
        output.show(document) {
            var table = TextTable("metrics", "")
            table.add("grid", pair.truth.geometry.description)
            table.add("median of \(Wording.count(seconds.count, "run"))", String(format: "%.3f s", median))
            table.add(
                "memory on top of the volumes",
                added.map { String(format: "%.2f bytes a voxel", Double($0) / Double(voxels)) } ?? "-")
            print(table.text)
        }
    }
}
