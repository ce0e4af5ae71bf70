import Foundation
import JobEngine
import Learning
import Logging
import Plans
import Studies
import TensorCore
import WorkerRuntime

/// Trains from save point to save point: the trainer stops, the checkpoint is made durable and recorded under the job's
/// token, the trainer goes on from it. A resumed run gives the same bytes as an uninterrupted one, so stopping costs
/// nothing but the time to write.
struct TrainingSession {
    /// Why the trainer was stopped, and where it stood.
    private struct SavePoint: Error {
        let checkpoint: Checkpoint
        /// Nil: only to save.
        let interruption: JobInterruption?
    }

    private let trainer: Trainer
    private let job: JobContext
    private var checkpoint: Checkpoint?
    /// Between two save points; an interruption saves at once.
    private let secondsBetweenSaves: TimeInterval = 300

    init(plan: Plan, recipe: Recipe, cases: any TrainingCases, checkpoint: Checkpoint?, job: JobContext) throws {
        trainer = try JobFailure.blamingInput("training-impossible") { try Self.trainer(plan, recipe, cases, job) }
        self.job = job
        self.checkpoint = checkpoint
    }

    /// A quarter of the memory keeps cases, two gibibytes at most.
    private static func trainer(_ plan: Plan, _ recipe: Recipe, _ cases: any TrainingCases, _ job: JobContext) throws
        -> Trainer
    {
        let limit = job.configuration.memoryLimitInBytes
        return try Trainer(
            plan: plan, recipe: recipe, cases: cases, cacheLimitInBytes: min(2 << 30, limit / 4),
            memoryLimitInBytes: limit)
    }

    func run() async throws -> TrainingResult {
        var standing = checkpoint
        var epochs = EpochLog()
        while true {
            do {
                let result = try trainUntilSavePoint(from: standing, &epochs)
                try await job.record(facts: epochs.take().map(Fact.epochFinished))
                return result
            } catch let point as SavePoint {
                try await save(point.checkpoint, epochs.take().map(Fact.epochFinished))
                if let interruption = point.interruption { throw interruption }
                standing = point.checkpoint
            }
        }
    }

    private func trainUntilSavePoint(from standing: Checkpoint?, _ epochs: inout EpochLog) throws -> TrainingResult {
        let due = ContinuousClock.now + .seconds(secondsBetweenSaves)
        return try trainer.run(from: standing) { event, checkpoint in
            var isValidating = false
            switch event {
            case .planned(let plan):
                job.log.info("training", metadata: ["estimatedMebibytes": "\(plan.bytes >> 20)"])
            case .step(let step):
                let note = String(
                    format: "epoch %d, step %d of %d, loss %.3f", step.epoch, step.step, step.steps, step.loss)
                try interruptible(checkpoint) { try job.progress(0.98 * Double(step.step) / Double(step.steps), note) }
            case .returned(let step, let first, let factor):
                job.log.warning(
                    "the loss is no number, going on from before with a lower rate",
                    metadata: ["step": "\(step)", "goesOnAfter": "\(first)", "rateFactor": "\(factor)"])
            case .validating(let number, let count, _, _):
                isValidating = true
                try interruptible(checkpoint) { try job.checkCancellation() }
                job.log.trace("validating", metadata: ["case": "\(number) of \(count)"])
            case .epoch(let summary):
                epochs.add(summary)
            }
            // Not in the middle of a validation, which would begin anew.
            if !isValidating, ContinuousClock.now >= due { throw SavePoint(checkpoint: checkpoint, interruption: nil) }
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

    private func save(_ checkpoint: Checkpoint, _ facts: [Fact]) async throws {
        let data = try checkpoint.data()
        let reference = try await job.storeWhileStopping(.checkpoint, data)
        try await job.record(checkpoints: [reference], facts: facts)
        job.log.info("checkpoint stored", metadata: ["step": "\(checkpoint.state.step)", "bytes": "\(data.count)"])
    }
}

/// Epochs that ended since the last record, with their wall time.
private struct EpochLog {
    private var epochs: [EpochMetrics] = []
    private var startedAt = ContinuousClock.now

    mutating func add(_ summary: EpochSummary) {
        let now = ContinuousClock.now
        epochs.append(
            EpochMetrics(
                epoch: summary.epoch, trainingLoss: summary.loss, validationDice: summary.validationDice,
                learningRate: summary.learningRate, seconds: (now - startedAt) / .seconds(1)))
        startedAt = now
    }

    mutating func take() -> [EpochMetrics] {
        defer { epochs = [] }
        return epochs
    }
}
