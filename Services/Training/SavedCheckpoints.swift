import JobEngine
import Learning
import Logging
import Studies
import WorkerRuntime

/// The checkpoints of a run in storage: the newest that is there, and the one before it, which is kept in case the newest
/// is damaged.
struct SavedCheckpoints {
    private let job: JobContext
    private(set) var newest: ArtifactReference?
    private(set) var newestStep = 0
    /// Whether the last try failed, so that a full disk is remarked on once.
    private var isFailing = false

    init(job: JobContext, newest: ArtifactReference?) {
        self.job = job
        self.newest = newest
    }

    /// Makes a checkpoint durable, with what is to be written in the books, and lets go of those before the last two.
    ///
    /// - Returns: whether it could be written. If not, the run goes on and the last one is still there.
    /// - Throws: `JobInterruption` when the lease is lost, which forbids going on.
    @discardableResult
    mutating func save(_ checkpoint: Checkpoint, _ books: RunBooks) async throws -> Bool {
        let job = job
        return try await record(step: checkpoint.state.step, books) {
            try await job.storeWhileStopping(.checkpoint, checkpoint.data())
        }
    }

    /// The same for one that a rank has stored.
    @discardableResult
    mutating func adopt(_ reference: ArtifactReference, step: Int, _ books: RunBooks) async throws -> Bool {
        try await record(step: step, books) { reference }
    }

    private mutating func record(step: Int, _ books: RunBooks, stored: () async throws -> ArtifactReference)
        async throws -> Bool
    {
        do {
            let reference = try await stored()
            try await books.record(checkpoints: [reference])
            let kept = [newest, reference].compactMap { $0 }
            (newest, newestStep, isFailing) = (reference, step, false)
            await release(except: kept)
            job.log.info("checkpoint stored", metadata: ["step": "\(step)", "bytes": "\(reference.byteCount)"])
            return true
        } catch let interruption as JobInterruption {
            throw interruption
        } catch {
            job.log.error("a checkpoint is not stored; the run goes on", metadata: ["error": "\(error)"])
            note(JobFailure(error), step: step, books)
            return false
        }
    }

    /// That one could not be written.
    mutating func note(_ failure: JobFailure, step: Int, _ books: RunBooks) {
        if !isFailing {
            books.add(
                TrainingRemark(
                    .checkpointNotWritten,
                    "the checkpoint of step \(step) could not be written (\(failure.code)): the run goes on, and the one before is kept"
                ))
        }
        isFailing = true
    }

    /// Those that stay too long harm nobody: the next save lets go of them.
    private func release(except kept: [ArtifactReference]) async {
        do { try await job.releaseCheckpoints(except: kept) } catch {
            job.log.warning("former checkpoints are not let go of", metadata: ["error": "\(error)"])
        }
    }
}
