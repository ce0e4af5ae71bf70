import JobEngine
import Logging
import Studies
import Synchronization
import WorkerRuntime

/// What a run tells while it goes on: written as soon as it is told, beside the trainer. What cannot be written at once
/// is kept for the next time, at last for the job's end.
final class RunBooks: Sendable {
    private enum Entry {
        case epoch(EpochMetrics)
        case remark(TrainingRemark)

        func fact() throws -> Fact {
            switch self {
            case .epoch(let epoch): try .epochFinished(epoch)
            case .remark(let remark): try .trainingRemarked(remark)
            }
        }
    }

    private let job: JobContext
    private let pending = Mutex<[Entry]>([])
    private let bell: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation

    init(job: JobContext) {
        self.job = job
        (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func add(_ epoch: EpochMetrics) { add(.epoch(epoch)) }
    func add(_ remark: TrainingRemark) { add(.remark(remark)) }

    private func add(_ entry: Entry) {
        pending.withLock { $0.append(entry) }
        ring.yield()
    }

    /// Writes what comes until the books are closed.
    func write() async {
        for await _ in bell {
            do { try await record() } catch {
                job.log.warning("what the run told is not written yet; it is kept", metadata: ["error": "\(error)"])
            }
        }
    }

    func close() { ring.finish() }

    /// Writes what is pending, with checkpoints.
    func record(checkpoints: [ArtifactReference] = []) async throws {
        let entries = takeEntries()
        guard !entries.isEmpty || !checkpoints.isEmpty else { return }
        do { try await job.record(checkpoints: checkpoints, facts: try entries.map { try $0.fact() }) } catch {
            pending.withLock { $0.insert(contentsOf: entries, at: 0) }
            throw error
        }
    }

    /// What is left.
    func take() throws -> [Fact] { try takeEntries().map { try $0.fact() } }

    private func takeEntries() -> [Entry] {
        pending.withLock { entries in
            defer { entries = [] }
            return entries
        }
    }
}
