import JobEngine
import Registry
import WorkerRuntime

/// `columna-preprocessing`: makes volumes network-ready.
@main
struct PreprocessingService {
    static func main() async {
        await WorkerProcess.run(stage: .preprocessing, bookkeeping: .studies) { _ in
            WorkerProgram([PreprocessVolumeJob(), FingerprintDataSetJob()])
        }
    }
}
