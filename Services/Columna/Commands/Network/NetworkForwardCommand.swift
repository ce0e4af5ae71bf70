import ArgumentParser
import Console
import Foundation
import Networks
import TensorCore
import Threads

/// `columna network forward`: a tensor through a network, both as files.
struct NetworkForwardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forward", abstract: "Compute the logits of a tensor.",
        discussion: """
            Reads the tensor `input` (N, C, D, H, W) and writes `logits`; heads at lower resolutions, where the network has them, as `logits.1`,
            `logits.2` … Weights carry PyTorch's parameter names. The configuration is an object with the network's sizes, or holds one under
            the key "network".

            Example:
              columna network forward --architecture plain-unet --config unet.json --weights w.safetensors --input x.safetensors --output y.safetensors
            """)

    @Option(
        help: ArgumentHelp(
            "Which network: \(Architecture.choices) (default: what the configuration says).", valueName: "name"))
    var architecture: Architecture?

    @Option(help: ArgumentHelp("The network's sizes (JSON).", valueName: "file"))
    var config: String

    @Option(help: ArgumentHelp("The weights (safetensors).", valueName: "file"))
    var weights: String

    @Option(help: ArgumentHelp("The tensor `input` (safetensors).", valueName: "file"))
    var input: String

    @Option(help: ArgumentHelp("Where to write the logits (safetensors).", valueName: "file"))
    var output: String

    @Option(help: "Threads to compute on (default: COLUMNA_THREADS, else one per processor).", in: .threads)
    var threads: Int?

    @Flag(help: "Compute every convolution directly: slower, a few more digits.")
    var exact = false

    @Option(
        help: ArgumentHelp(
            "Refuse to start if more memory is going to be needed (default: the machine's).", valueName: "MiB"),
        in: .mebibytes)
    var memoryLimit: Int?

    func run() async throws {
        let command = self
        try await OwnThread.run { try command.forward() }
    }

    private func forward() throws {
        try OutputFile.requireWritable("--output", output)
        for (option, path) in [("--config", config), ("--weights", weights), ("--input", input)]
        where URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath()
            == URL(filePath: output).standardizedFileURL.resolvingSymlinksInPath()
        {
            throw CommandFailure(.usage, "--output names the same file as \(option), which it would replace")
        }
        let network = try NetworkFiles(architecture: architecture, configuration: config, weights: weights)
            .readNetwork()
        let input = try NamedFile("--input", input).read {
            try NetworkFiles.readInput(Safetensors(data: $0), for: network.configuration)
        }
        let execution = Execution.inference(
            pool: threads.map(ComputePool.init(threads:)) ?? .shared, arithmetic: exact ? .exact : .fast,
            memoryLimitInBytes: memoryLimit.map { $0 << 20 } ?? Int(clamping: ProcessInfo.processInfo.physicalMemory))
        let plan = network.plan(inference: input.shape, by: execution, allHeads: true)
        remark("columna: needs \(MemoryPlan.text(plan.bytes)) at its peak, beside the files")
        let clock = Stopwatch()
        let outputs = try network.outputs(input, by: execution)
        let seconds = clock.seconds
        let named = outputs.enumerated().map { (name: $0 == 0 ? "logits" : "logits.\($0)", tensor: $1) }
        // Finite numbers may still be too large to compute with.
        for (name, tensor) in named { try tensor.requireFinite("the result \(name)") }
        do { try Safetensors.write(named, to: URL(filePath: output)) } catch {
            throw CommandFailure(.failed, "--output \(output): \(CommandFailure(error).description)")
        }
        for (name, tensor) in named { print("\(name) \(tensor.shape)") }
        remark(String(format: "columna: computed in %.2f s", seconds))
    }
}
