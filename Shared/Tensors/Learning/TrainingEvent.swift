package import Plans
package import TensorCore

/// What a training run tells while it runs.
package enum TrainingEvent: Sendable {
    /// The memory that it will need at its peak, before the first step.
    case planned(MemoryPlan)
    case step(StepSummary)
    /// Windows done and all windows of one validation case.
    case validating(number: Int, of: Int, window: Int, windows: Int)
    case epoch(EpochSummary)
}

/// What a training run leaves.
package struct TrainingResult: Sendable {
    /// From the epoch with the highest validation Dice, the earliest of equals; without validation the last.
    package let best: Model
    /// From 1.
    package let bestEpoch: Int
    package let last: Checkpoint

    package var history: [EpochSummary] { last.state.history }
}
