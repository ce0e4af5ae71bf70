import Documents
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

    /// The processes that compute it, where it is not this one.
    struct Ranks {
        let settings: RankSettings
        /// Of the storage, which each of them opens for itself.
        let storage: UUID
        let dataSet: String
        let cases: [DataSetCase]
        let recipeJSON: String
    }

    private let trainer: Trainer
    private let ranks: Ranks?
    private let job: JobContext
    private let standing: StandingCheckpoint
    /// Weights to begin with; nil: by the recipe's seed.
    private let initial: Parameters?
    /// Between two save points; an interruption saves at once.
    private let secondsBetweenSaves: TimeInterval
    private let secondsAfterFailedSave: TimeInterval = 60

    init(
        plan: Plan, recipe: Recipe, cases: any TrainingCases, split: TrainingSplit?, initial: Parameters?,
        standing: StandingCheckpoint, secondsBetweenSaves: TimeInterval, ranks: Ranks?, job: JobContext
    ) throws {
        trainer = try JobFailure.blamingInput("training-impossible") {
            try Self.trainer(plan, recipe, cases, split, job, computesHere: ranks == nil)
        }
        if let ranks {
            // Nothing is wrong with the training: a worker of another number of ranks can run it.
            do { _ = try trainer.recipe.share(ofRanks: ranks.settings.count) } catch {
                throw JobFailure(class: .resource, code: "batch-not-shareable", reason: "\(error)")
            }
        }
        self.ranks = ranks
        self.job = job
        self.standing = standing
        self.initial = initial
        self.secondsBetweenSaves = secondsBetweenSaves
    }

    /// A quarter of the memory keeps cases, two gibibytes at most.
    private static func trainer(
        _ plan: Plan, _ recipe: Recipe, _ cases: any TrainingCases, _ split: TrainingSplit?, _ job: JobContext,
        computesHere: Bool
    ) throws -> Trainer {
        let limit = job.configuration.memoryLimitInBytes
        return try Trainer(
            plan: plan, recipe: recipe, cases: cases, split: split, cacheLimitInBytes: min(2 << 30, limit / 4),
            memoryLimitInBytes: computesHere ? limit : nil)
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
        noteOtherRanks(books)
        // What is left to do here then is to take the models out of it.
        if let ranks { checkpoint = try await train(by: ranks, &saved, books) }
        var seconds = secondsBetweenSaves
        var teller = RunTeller()
        while true {
            do {
                let result = try trainUntilSavePoint(from: checkpoint, within: seconds, &teller, books)
                if let remark = Self.remark(on: result, trainer) { books.add(remark) }
                if let remark = Self.remark(onRanksOf: result.last.state) { books.add(remark) }
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

    // MARK: Ranks

    /// Lets ranks train to the end.
    private func train(by ranks: Ranks, _ saved: inout SavedCheckpoints, _ books: RunBooks) async throws -> Checkpoint {
        if standing.source == nil { try await saved.save(trainer.beginning(initial: initial), books) }
        guard let checkpoint = standing.source ?? saved.newest else {
            throw JobFailure(
                class: .resource, code: "checkpoint-not-written",
                reason:
                    "the beginning could not be written to storage, from where the ranks read it: see the worker's log"
            )
        }
        let run = RankedRun(
            settings: ranks.settings,
            order: RankOrder(
                codeVersion: CodeVersion.current, storage: ranks.storage, checkpoint: checkpoint,
                recipeJSON: ranks.recipeJSON, dataSet: ranks.dataSet, cases: ranks.cases,
                secondsBetweenSaves: secondsBetweenSaves, secondsAfterFailedSave: secondsAfterFailedSave),
            job: job, books: books, take: { try take($0, books) })
        return try Checkpoint.read(try await job.openVerified(try await run.run(&saved)))
    }

    /// Of a run that goes on by another number of ranks than it came by.
    private func noteOtherRanks(_ books: RunBooks) {
        guard let state = standing.checkpoint?.state, state.step > 0 else { return }
        let (before, now) = (state.ranks?.last?.ranks ?? 1, ranks?.settings.count ?? 1)
        guard before != now else { return }
        let remark = TrainingRemark(
            .ranks,
            "\(Wording.count(before, "rank")) made the steps up to \(state.step), \(Wording.count(now, "rank")) \(now == 1 ? "goes" : "go") on: the weights will differ by rounding from those of \(before) all along"
        )
        job.log.notice("another number of ranks", metadata: ["remark": "\(remark.remark)"])
        books.add(remark)
    }

    /// How many ranks made the steps, where it was not always one: their number decides the weights' last bits.
    private static func remark(onRanksOf state: TrainingState) -> TrainingRemark? {
        guard let spans = state.ranks else { return nil }
        let words = spans.map { "\(Wording.count($0.ranks, "rank")) from step \($0.fromStep) on" }
        return TrainingRemark(.ranks, "its steps were made by \(words.joined(separator: ", "))")
    }

    // MARK: In this process

    private func trainUntilSavePoint(
        from standing: Checkpoint?, within seconds: TimeInterval, _ teller: inout RunTeller, _ books: RunBooks
    ) throws -> TrainingResult {
        let due = ContinuousClock.now + .seconds(seconds)
        // One step at least, so that there is something to end with.
        var hasSteps = (standing?.state.step ?? 0) > 0
        let report: (TrainingEvent, Checkpoint) throws -> Void = { event, checkpoint in
            let news = teller.news(of: event)
            try interruptible(checkpoint) { if let news { try take(news, books) } }
            var isValidating = false
            switch event {
            // Nothing has changed yet: saving here again and again would never come to a step.
            case .planned: return
            case .step: hasSteps = true
            case .validating(let number, let count, _, _):
                isValidating = true
                try interruptible(checkpoint) { try job.checkCancellation() }
                job.log.trace("validating", metadata: ["case": "\(number) of \(count)"])
            case .epoch, .returned: break
            }
            // Not in the middle of a validation, which would begin anew.
            if !isValidating, ContinuousClock.now >= due { throw SavePoint(checkpoint: checkpoint, interruption: nil) }
        }
        return try trainer.run(
            from: standing, initial: initial, report: report, shouldFinish: { hasSteps && job.isAskedToFinish })
    }

    /// - Throws: `JobInterruption`.
    private func take(_ news: RunNews, _ books: RunBooks) throws {
        switch news {
        case .planned(let mebibytes): job.log.info("training", metadata: ["estimatedMebibytes": "\(mebibytes)"])
        case .progress(let fraction, let note): try job.progress(fraction, note)
        case .epoch(let epoch): books.add(epoch)
        case .remark(let remark):
            job.log.warning("training went back", metadata: ["remark": "\(remark.remark)"])
            books.add(remark)
        }
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
