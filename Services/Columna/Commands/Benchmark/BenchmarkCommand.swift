import ArgumentParser
import JobEngine

/// `columna benchmark …`: figures about this machine and this installation.
struct BenchmarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Measure the networks on this machine, resampling, metrics, evaluation, and the job engine.",
        subcommands: [
            BenchmarkKernelsCommand.self, BenchmarkInferenceCommand.self, BenchmarkTrainingStepCommand.self,
            BenchmarkVolumeCommand.self,
            BenchmarkResamplingCommand.self, BenchmarkMetricsCommand.self, BenchmarkEngineCommand.self,
            BenchmarkEvaluationCommand.self,
        ])
}
