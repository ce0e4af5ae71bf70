import Documents
import Foundation
import JobEngine
import Learning
import Logging
import Studies
import WorkerRuntime

/// A training that ranks compute, as the worker follows it: it relays what they tell to the books, and what operators
/// want to them.
///
/// A rank that is lost takes the others with it; they begin anew from the last checkpoint, as long as there is a later one
/// each time.
struct RankedRun {
    let settings: RankSettings
    let order: RankOrder
    let job: JobContext
    let books: RunBooks
    /// Puts news into the books.
    let take: (RunNews) throws -> Void

    /// Follows the run to its end.
    ///
    /// - Returns: the checkpoint there.
    /// - Throws: `JobInterruption`; `JobFailure` where a rank cannot go on, or was lost twice at the same place.
    func run(_ saved: inout SavedCheckpoints) async throws -> ArtifactReference {
        var order = order
        while true {
            let ranks = try LaunchedRanks(settings, environment: ProcessInfo.processInfo.environment)
            defer { ranks.end() }
            try ranks.tell(order)
            if let last = try await follow(ranks, &saved) { return last }
            guard let newest = saved.newest, newest != order.checkpoint else {
                throw JobFailure(
                    class: .transient, code: "rank-lost",
                    reason:
                        "one of \(settings.count) ranks was lost, or could not be started (\(settings.hosts)), before a further checkpoint: see the worker's log for what Open MPI says"
                )
            }
            order.checkpoint = newest
            let remark = TrainingRemark(
                .rankLost,
                "one of \(settings.count) ranks was lost: all go on from the checkpoint of step \(saved.newestStep)")
            job.log.warning("a rank was lost", metadata: ["remark": "\(remark.remark)"])
            books.add(remark)
        }
    }

    /// Nil: they are lost.
    private func follow(_ ranks: LaunchedRanks, _ saved: inout SavedCheckpoints) async throws -> ArtifactReference? {
        var last: ArtifactReference?
        var stopping: JobInterruption?
        var isFinishing = false
        var due: ContinuousClock.Instant? = .now + .seconds(settings.secondsToStart + Self.secondsOfGrace)
        while true {
            let reading = ranks.next(within: 200)
            switch reading {
            case .event(.stopped), .end: if let stopping { throw stopping }
            case .nothing: if let due, .now >= due { throw lateness }
            case .event: break
            }
            if case .event = reading { due = nil }
            do {
                switch reading {
                case .nothing, .event(.stopped), .event(.began): try job.checkCancellation()
                case .event(.news(let news)): try take(news)
                case .event(.stored(let reference, let step)):
                    last = reference
                    try await saved.adopt(reference, step: step, books)
                case .event(.notStored(let step, let failure)): saved.note(failure, step: step, books)
                case .event(.ended):
                    ranks.leave()
                    return last
                case .event(.failed(let failure)): throw failure
                case .end: return nil
                }
            } catch let interruption as JobInterruption where interruption == .draining || interruption == .paused {
                // They have nothing to save yet.
                if due != nil { throw interruption }
                // They save first; until then the job says it again and again.
                if stopping == nil { ranks.tell(.stop) }
                stopping = interruption
            }
            if job.isAskedToFinish, !isFinishing {
                isFinishing = true
                ranks.tell(.finish)
            }
        }
    }

    /// Ranks that find that they are alone end by themselves, and `mpirun` tells more than silence does.
    private static let secondsOfGrace = 5

    private var lateness: any Error {
        JobFailure(
            class: .transient, code: "ranks-not-started",
            reason:
                "\(settings.count) ranks (\(settings.hosts)) did not come up within \(settings.secondsToStart) s (COLUMNA_RANK_START_SECONDS): see whether the hosts are reached and have cores to spare, and the worker's log for what Open MPI says"
        )
    }
}
