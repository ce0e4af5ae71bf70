import ArgumentParser
import Console

/// `columna-bench …`: figures about this machine and this installation. `columna benchmark …` leads here.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "columna-bench",
        abstract:
            "Measure networks, augmentation, resampling, planning, metrics, evaluation and the job engine on this machine.",
        subcommands: [
            BenchmarkKernelsCommand.self, BenchmarkInferenceCommand.self, BenchmarkTrainingStepCommand.self,
            BenchmarkRanksCommand.self,
            BenchmarkVolumeCommand.self, BenchmarkAugmentationCommand.self,
            BenchmarkResamplingCommand.self, BenchmarkPlanningCommand.self, BenchmarkMetricsCommand.self,
            BenchmarkEngineCommand.self,
            BenchmarkEvaluationCommand.self, BenchmarkScenesCommand.self, PackShapesCommand.self,
        ])

    static func main() async { await Program.run(Self.self) }
}
