package import Plans
package import TensorCore

/// What a training run tells while it runs.
package enum TrainingEvent: Sendable {
    /// The memory that it will need at its peak, before the first step.
    case planned(MemoryPlan)
    case step(StepSummary)
    /// The loss of a step (from 1) was no longer a number: the run goes on from the end of step `to`, its rate
    /// multiplied by `rateFactor` in all.
    case returned(fromStep: Int, to: Int, rateFactor: Double)
    /// Windows done and all windows of one validation case, or of one batch of validation crops.
    case validating(number: Int, of: Int, window: Int, windows: Int)
    case epoch(EpochSummary)
}

/// What a training run leaves.
package struct TrainingResult: Sendable {
    /// From the epoch that the recipe's judge found best, the earliest of equals; without validation the last.
    package let best: Model
    /// From 1.
    package let bestEpoch: Int
    /// The exponential average of the weights at the end; nil where the recipe wants none.
    package let averaged: Model?
    package let last: Checkpoint
    /// Why it ended.
    package let end: TrainingEnd

    package var history: [EpochSummary] { last.state.history }
}

/// Why a run ended.
package enum TrainingEnd: String, Sendable, Codable {
    /// All epochs of the recipe are done.
    case complete
    /// The recipe's patience is at its end.
    case early
    /// Somebody asked for it.
    case requested
}
