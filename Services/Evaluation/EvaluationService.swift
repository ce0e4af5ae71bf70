import JobEngine
import WorkerRuntime

/// `columna-evaluation`: makes metrics from label maps and ground truth.
@main
struct EvaluationService {
    static func main() async {
        await WorkerProcess.run(stage: .evaluation) { _ in
            WorkerProgram([
                EvaluateSegmentationJob(), SummarizeEvaluationJob(), CompareEvaluationsJob(), RehearsalJob(),
            ])
        }
    }
}
