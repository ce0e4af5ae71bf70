import Foundation
import JobEngine
import Learning
import Logging
import Studies
import WorkerRuntime

/// The checkpoints of a run in storage: the newest that is there, and the one before it, which is kept in case the newest
/// is damaged.
struct SavedCheckpoints {
    private let job: JobContext
    private var newest: ArtifactReference?
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
        let data: Data
        do {
            data = try checkpoint.data()
            let reference = try await job.storeWhileStopping(.checkpoint, data)
            try await books.record(checkpoints: [reference])
            let kept = [newest, reference].compactMap { $0 }
            (newest, isFailing) = (reference, false)
            await release(except: kept)
        } catch let interruption as JobInterruption {
            throw interruption
        } catch {
            job.log.error("a checkpoint is not stored; the run goes on", metadata: ["error": "\(error)"])
            if !isFailing {
                books.add(
                    TrainingRemark(
                        .checkpointNotWritten,
                        "the checkpoint of step \(checkpoint.state.step) could not be written (\(JobFailure(error).code)): the run goes on, and the one before is kept"
                    ))
            }
            isFailing = true
            return false
        }
        job.log.info("checkpoint stored", metadata: ["step": "\(checkpoint.state.step)", "bytes": "\(data.count)"])
        return true
    }

    /// Those that stay too long harm nobody: the next save lets go of them.
    private func release(except kept: [ArtifactReference]) async {
        do { try await job.releaseCheckpoints(except: kept) } catch {
            job.log.warning("former checkpoints are not let go of", metadata: ["error": "\(error)"])
        }
    }
}
