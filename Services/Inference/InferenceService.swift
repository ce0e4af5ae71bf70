import JobEngine
import Registry
import TensorCore
import WorkerRuntime

/// `columna-inference`: makes label maps from volumes and a model version.
@main
struct InferenceService {
    static func main() async {
        await WorkerProcess.run(stage: .inference, bookkeeping: .studies, requirements: CPU.requireBaseline) { _ in
            WorkerProgram([SegmentVolumeJob()])
        }
    }
}
