import ArgumentParser
import Console
import Networks
import TensorCore

/// What the benchmarks of a network have in common.
struct NetworkBenchmarkOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Which network: \(Architecture.choices) (default: what the configuration says, else segresnet).",
            valueName: "name"))
    var architecture: Architecture?

    @Option(
        help: ArgumentHelp(
            "Edge of the input in voxels, or D,H,W (default: the input's, else 96 for segresnet and 128 for the U-Nets).",
            valueName: "voxels"))
    var patch: PatchSize?

    @Option(
        help: ArgumentHelp(
            "The network's sizes (JSON; default: 26 classes, as MONAI Label or nnU-Net choose the rest).",
            valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The weights (safetensors; default: random).", valueName: "file"))
    var weights: String?

    @Option(
        help: ArgumentHelp(
            "The tensor `input`, and `label` for training (safetensors; default: random).", valueName: "file"))
    var input: String?

    @Option(help: "Threads to compute on.", in: .threads)
    var threads = 2

    @Option(help: "Measured runs, after one that warms up.", in: .repeats)
    var `repeat` = 5

    @Flag(help: "Compute every convolution directly.")
    var exact = false

    @Flag(help: "Print one JSON document instead of a table.")
    var json = false

    @Flag(
        help: "Say when ready, then run once and answer with a line of JSON for every line read, until the input ends.")
    var serve = false

    var arithmetic: Arithmetic { exact ? .exact : .fast }
}
