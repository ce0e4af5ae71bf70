import Foundation
import JobEngine
import Registry
import TensorCore
import WorkerRuntime

/// `columna-training`: makes model versions from data sets.
@main
struct TrainingService {
    static func main() async {
        if let seconds = RankProcess.secondsToStart(CommandLine.arguments.dropFirst()) {
            await RankProcess.run(secondsToStart: seconds)
        }
        await WorkerProcess.run(stage: .training, bookkeeping: .studies, requirements: requirements) {
            let ranks = try RankSettings(environment: $0.configuration.system.environment)
            return WorkerProgram([
                TrainModelJob(catalog: PostgresCatalog(pool: $0.pool), ranks: ranks, objects: $0.objects)
            ])
        }
    }

    private static func requirements() throws {
        try CPU.requireBaseline()
        _ = try RankSettings(environment: ProcessInfo.processInfo.environment)
    }
}
