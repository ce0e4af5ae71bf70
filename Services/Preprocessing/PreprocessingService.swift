import JobEngine
import WorkerRuntime

/// `columna-preprocessing`: makes volumes network-ready.
@main
struct PreprocessingService {
    static func main() async {
        await WorkerProcess.run(stage: .preprocessing) { _ in WorkerProgram([PreprocessVolumeJob()]) }
    }
}
