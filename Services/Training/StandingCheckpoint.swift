import Foundation
import JobEngine
import Learning
import Logging
import Storage
import Studies
import WorkerRuntime

/// Where a run goes on from: the newest of its checkpoints whose bytes are what was stored, else that of the run that it
/// continues, else the beginning. Wherever it begins, it ends in the same bytes.
struct StandingCheckpoint {
    /// Nil: the beginning.
    let checkpoint: Checkpoint?
    /// Where its bytes are; nil: the beginning.
    let source: ArtifactReference?
    /// Nil: none of its own.
    let reference: ArtifactReference?
    /// What the run must say of those that were passed over.
    let remarks: [TrainingRemark]

    init(of job: JobContext) async throws {
        let own = Array(job.claimed.checkpoints.reversed())
        let candidates = own + job.claimed.inputs.filter { $0.role == ArtifactKind.checkpoint.role }
        var damaged: [(address: ContentAddress, why: String)] = []
        var found: (checkpoint: Checkpoint, reference: ArtifactReference)?
        for reference in candidates where found == nil {
            do {
                found = (try Checkpoint.read(try await job.openVerified(reference)), reference)
            } catch let error as StorageError where [.missing, .wrongLength, .wrongHash].contains(error.code) {
                damaged.append((reference.address, error.code.rawValue))
                job.log.error("a checkpoint cannot be used", metadata: ["error": "\(error)"])
            }
        }
        checkpoint = found?.checkpoint
        source = found?.reference
        reference = own.first { $0 == found?.reference }
        let from = found.map { "step \($0.checkpoint.state.step)" } ?? "the beginning"
        remarks = damaged.map {
            TrainingRemark(
                .checkpointUnreadable,
                "checkpoint \($0.address) is damaged or gone (\($0.why)): the run goes on from \(from)")
        }
        if let checkpoint {
            job.log.info("resuming from a checkpoint", metadata: ["step": "\(checkpoint.state.step)"])
        }
        // Its bytes must not be taken for those of one that is written again.
        if !damaged.isEmpty { try await job.releaseCheckpoints(except: [reference].compactMap { $0 }) }
    }
}
