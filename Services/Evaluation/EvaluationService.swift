import JobEngine
import Operations
import Registry
import WorkerRuntime

/// `columna-evaluation`: makes metrics from label maps and ground truth.
@main
struct EvaluationService {
    static func main() async {
        await WorkerProcess.run(stage: .evaluation, bookkeeping: .studies) { resources in
            let catalog = PostgresCatalog(pool: resources.pool)
            return WorkerProgram([
                EvaluateSegmentationJob(), SummarizeEvaluationJob(catalog: catalog),
                CompareEvaluationsJob(catalog: catalog), LearnFromCorrectionsJob(resources.system, log: resources.log),
                RehearsalJob(),
            ])
        }
    }
}
