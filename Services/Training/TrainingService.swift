import JobEngine
import Registry
import TensorCore
import WorkerRuntime

/// `columna-training`: makes model versions from data sets.
@main
struct TrainingService {
    static func main() async {
        await WorkerProcess.run(stage: .training, bookkeeping: .studies, requirements: CPU.requireBaseline) {
            WorkerProgram([TrainModelJob(catalog: PostgresCatalog(pool: $0.pool))])
        }
    }
}
