import JobEngine
import WorkerRuntime

/// `columna-ingestion`: takes hospitals' messages in and reads their studies into storage.
@main
struct IngestionService {
    static func main() async {
        await WorkerProcess.run(
            stage: .ingestion, handlers: [IngestStudyJob()], companions: { parts, relay in [StudyIntake(parts, relay: relay)] })
    }
}
