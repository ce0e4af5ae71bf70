import ArgumentParser
import Augmentation
import Console
import Documents
import Files
import Foundation
import TensorCore
import Threads

/// `columna-bench augmentation`: patches varied as for training, on one core.
struct BenchmarkAugmentationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "augmentation", abstract: "Measure how many patches a core varies for training.",
        discussion: """
            Times are the core's. Every patch has its own draws, and an operator's time is that of the patches that it was applied to.
            `make benchmark-augmentation` does the same beside batchgeneratorsv2.

            Example:
              columna-bench augmentation --patch 96 --augmentation strong
            """)

    @Option(help: ArgumentHelp("Edge of the result in voxels, or D,H,W (default: 128).", valueName: "voxels"))
    var patch: PatchSize?

    @Option(help: ArgumentHelp("none, light, nnunet or strong.", valueName: "preset"))
    var augmentation = Augmentation.Preset.nnUNet

    @Option(
        help: ArgumentHelp(
            "What patches are cut from: tensors `image` and `labels`, (D, H, W) (safetensors; default: bones of noise).",
            valueName: "file"))
    var input: String?

    @Option(help: "Patches of a run.", in: .from(1, to: 100_000))
    var patches = 25

    @Option(help: "Measured runs, after one that warms up.", in: .repeats)
    var `repeat` = 5

    @Flag(help: "Print one JSON document instead of a table.")
    var json = false

    @Flag(
        help: "Say when ready, then run once and answer with a line of JSON for every line read, until the input ends.")
    var serve = false

    private var edges: [Int] { patch?.edges ?? [128, 128, 128] }

    func run() async throws {
        let command = self
        try await OwnThread.run { try command.measure() }
    }

    private func measure() throws {
        var benchmark = try AugmentationBenchmark(Augmentation(augmentation), patch: edges, input: input)
        if serve {
            return try BenchmarkService.serve {
                let run = benchmark.run(patches: patches)
                return [
                    ("patches", .integer(patches)), ("core_seconds", .number(run.coreSeconds)),
                    ("operators", Self.document(run)),
                ]
            }
        }
        _ = benchmark.run(patches: patches)
        let runs = (0..<self.repeat).map { _ in benchmark.run(patches: patches) }
        show(runs)
    }

    private static func document(_ run: AugmentationBenchmark.Run) -> JSONValue {
        .object(run.operators.map { ($0.name, JSONValue([.integer($0.count), .number($0.seconds)])) })
    }

    private func show(_ runs: [AugmentationBenchmark.Run]) {
        let seconds = runs.map(\.coreSeconds).sorted()
        let median = (seconds[(seconds.count - 1) / 2] + seconds[seconds.count / 2]) / 2
        let rate = Double(patches) / median
        if json {
            return print(
                JSONValue.object([
                    ("benchmark", "augmentation"), ("augmentation", .string(augmentation.rawValue)),
                    ("patch", JSONValue(edges.map { .integer($0) })), ("patches", .integer(patches)),
                    ("median_core_seconds", .number(median)), ("patches_per_second", .number(rate)),
                    ("core_seconds", JSONValue(seconds.map { .number($0) })),
                    ("peak_bytes", JSONValue(ProcessMemory.peakBytes())),
                ]).text)
        }
        var table = TextTable("operator", ">patches", ">ms")
        for entry in AugmentationBenchmark.Run.sum(runs).operators {
            table.add(entry.name, "\(entry.count)", String(format: "%.2f", 1000 * entry.seconds / Double(entry.count)))
        }
        print(
            """
            \(table.text)

            \(String(format: "%.1f", rate)) patches/s a core: the median of \(Wording.count(seconds.count, "run")) of \(patches).
            """)
    }
}

extension Augmentation.Preset: ExpressibleByArgument {}

extension Augmentation.Preset: DescribedArgument {}
