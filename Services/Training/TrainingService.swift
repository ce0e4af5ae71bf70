import JobEngine
import TensorCore
import WorkerRuntime

/// `columna-training`: makes model versions from data sets.
@main
struct TrainingService {
    static func main() async {
        await WorkerProcess.run(stage: .training, requirements: CPU.requireBaseline) { _ in
            WorkerProgram([TrainModelJob()])
        }
    }
}
