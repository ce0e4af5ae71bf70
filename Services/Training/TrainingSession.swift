import Foundation
import JobEngine
import Learning
import Logging
import Networks
import Plans
import Studies
import TensorCore
import WorkerRuntime

/// Trains from save point to save point: the trainer stops, the checkpoint is made durable and recorded under the job's
/// token, the trainer goes on from it. A resumed run gives the same bytes as an uninterrupted one, so stopping costs
/// nothing but the time to write.
///
/// A checkpoint that cannot be written stops nothing: the run goes on from memory, the one before stays, and the next
/// try is soon. The last two are kept.
struct TrainingSession {
    /// Why the trainer was stopped, and where it stood.
    private struct SavePoint: Error {
        let checkpoint: Checkpoint
        /// Nil: only to save.
        let interruption: JobInterruption?
    }

    private let trainer: Trainer
    private let job: JobContext
    private let standing: StandingCheckpoint
    /// Weights to begin with; nil: by the recipe's seed.
    private let initial: Parameters?
    /// Between two save points; an interruption saves at once.
    private let secondsBetweenSaves: TimeInterval
    private let secondsAfterFailedSave: TimeInterval = 60

    init(
        plan: Plan, recipe: Recipe, cases: any TrainingCases, split: TrainingSplit?, initial: Parameters?,
        standing: StandingCheckpoint, secondsBetweenSaves: TimeInterval, job: JobContext
    ) throws {
        trainer = try JobFailure.blamingInput("training-impossible") {
            try Self.trainer(plan, recipe, cases, split, job)
        }
        self.job = job
        self.standing = standing
        self.initial = initial
        self.secondsBetweenSaves = secondsBetweenSaves
    }

    /// A quarter of the memory keeps cases, two gibibytes at most.
    private static func trainer(
        _ plan: Plan, _ recipe: Recipe, _ cases: any TrainingCases, _ split: TrainingSplit?, _ job: JobContext
    ) throws -> Trainer {
        let limit = job.configuration.memoryLimitInBytes
        return try Trainer(
            plan: plan, recipe: recipe, cases: cases, split: split, cacheLimitInBytes: min(2 << 30, limit / 4),
            memoryLimitInBytes: limit)
    }

    /// - Returns: also what is not in the books yet.
    func run() async throws -> (result: TrainingResult, facts: [Fact]) {
        let books = RunBooks(job: job)
        for remark in standing.remarks { books.add(remark) }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            // Not on this job's thread, which the trainer holds.
            group.addTask(executorPreference: globalConcurrentExecutor) { await books.write() }
            defer { books.close() }
            let result = try await train(books)
            books.close()
            try await group.waitForAll()
            return (result, try books.take())
        }
    }

    private func train(_ books: RunBooks) async throws -> TrainingResult {
        var checkpoint = standing.checkpoint
        var saved = SavedCheckpoints(job: job, newest: standing.reference)
        var seconds = secondsBetweenSaves
        var clock = EpochClock()
        while true {
            do {
                let result = try trainUntilSavePoint(from: checkpoint, within: seconds, &clock, books)
                if let remark = Self.remark(on: result, trainer) { books.add(remark) }
                // A later order may prolong it.
                try await saved.save(result.last, books)
                return result
            } catch let point as SavePoint {
                let isSaved = try await saved.save(point.checkpoint, books)
                if let interruption = point.interruption { throw interruption }
                seconds = isSaved ? secondsBetweenSaves : min(secondsAfterFailedSave, secondsBetweenSaves)
                checkpoint = point.checkpoint
            }
        }
    }

    /// Where it ended before its last epoch.
    private static func remark(on result: TrainingResult, _ trainer: Trainer) -> TrainingRemark? {
        let state = result.last.state
        let place =
            "after step \(state.step) of \(trainer.steps), with \(state.epoch) of \(trainer.recipe.epochs) epochs done"
        return switch result.end {
        case .complete: nil
        case .early:
            TrainingRemark(
                .patienceOver,
                "no epoch after epoch \(result.bestEpoch) was better for as long as the recipe waits: it ended \(place)"
            )
        case .requested: TrainingRemark(.finishedEarly, "it was asked to end and did \(place)")
        }
    }

    private func trainUntilSavePoint(
        from standing: Checkpoint?, within seconds: TimeInterval, _ clock: inout EpochClock, _ books: RunBooks
    ) throws -> TrainingResult {
        let due = ContinuousClock.now + .seconds(seconds)
        // One step at least, so that there is something to end with.
        var hasSteps = (standing?.state.step ?? 0) > 0
        let report: (TrainingEvent, Checkpoint) throws -> Void = { event, checkpoint in
            var isValidating = false
            switch event {
            case .planned(let plan):
                job.log.info("training", metadata: ["estimatedMebibytes": "\(plan.bytes >> 20)"])
                clock.beginSteps()
                // Nothing has changed yet: saving here again and again would never come to a step.
                return
            case .step(let step):
                hasSteps = true
                clock.step(waited: step.waitedSeconds)
                let note = String(
                    format: "epoch %d, step %d of %d, loss %.3f", step.epoch, step.step, step.steps, step.loss)
                try interruptible(checkpoint) { try job.progress(0.98 * Double(step.step) / Double(step.steps), note) }
            case .validating(let number, let count, _, _):
                isValidating = true
                try interruptible(checkpoint) { try job.checkCancellation() }
                job.log.trace("validating", metadata: ["case": "\(number) of \(count)"])
            case .epoch(let summary):
                books.add(clock.end(summary))
            case .returned(let step, let former, let factor):
                clock.beginSteps()
                let remark = TrainingRemark(
                    .returned,
                    "the loss of step \(step) was no number: the run went back to step \(former), and its learning rate is \(factor) of what the recipe says from there"
                )
                job.log.warning("training went back", metadata: ["remark": "\(remark.remark)"])
                books.add(remark)
            }
            // Not in the middle of a validation, which would begin anew.
            if !isValidating, ContinuousClock.now >= due { throw SavePoint(checkpoint: checkpoint, interruption: nil) }
        }
        return try trainer.run(
            from: standing, initial: initial, report: report, shouldFinish: { hasSteps && job.isAskedToFinish })
    }

    /// A drain or a pause saves first; a cancelled job or a lost lease must not.
    private func interruptible(_ checkpoint: Checkpoint, _ check: () throws -> Void) throws {
        do {
            try check()
        } catch let interruption as JobInterruption where interruption == .draining || interruption == .paused {
            throw SavePoint(checkpoint: checkpoint, interruption: interruption)
        }
    }
}
