import ArgumentParser
import Console

/// `columna-bench …`: figures about this machine and this installation. `columna benchmark …` leads here.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "columna-bench",
        abstract: "Measure the networks on this machine, resampling, metrics, evaluation, and the job engine.",
        subcommands: [
            BenchmarkKernelsCommand.self, BenchmarkInferenceCommand.self, BenchmarkTrainingStepCommand.self,
            BenchmarkVolumeCommand.self, BenchmarkAugmentationCommand.self,
            BenchmarkResamplingCommand.self, BenchmarkMetricsCommand.self, BenchmarkEngineCommand.self,
            BenchmarkEvaluationCommand.self,
        ])

    static func main() async { await Program.run(Self.self) }
}
