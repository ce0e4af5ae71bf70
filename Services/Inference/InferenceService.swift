import JobEngine
import TensorCore
import WorkerRuntime

/// `columna-inference`: makes label maps from volumes and a model version.
@main
struct InferenceService {
    static func main() async {
        await WorkerProcess.run(stage: .inference, requirements: CPU.requireBaseline) { _ in
            WorkerProgram([SegmentVolumeJob()])
        }
    }
}
