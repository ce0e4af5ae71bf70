package import Networks
package import Plans

/// Everything a run needs to go on as if it had never stopped.
package struct Checkpoint: Sendable {
    package let plan: Plan
    package let recipe: Recipe
    package let split: TrainingSplit
    package let parameters: Parameters
    package let optimizer: Optimizer
    package let state: TrainingState
    /// The exponential average of the weights; nil where the recipe wants none.
    package let averaged: Parameters?
    /// The weights of the best epoch; nil as long as there is none, or when they are the ones at hand.
    package let best: Parameters?
    /// Where the epoch under way began, to which a run returns whose loss is no longer a number; nil at the beginning
    /// of an epoch.
    package let epochStart: EpochStart?

    /// The weights and the optimizer's state at the beginning of an epoch.
    package struct EpochStart: Sendable {
        package let parameters: Parameters
        package let optimizer: Optimizer
        package let averaged: Parameters?
    }

    /// The weights as they stand, as a model.
    /// - Throws: `TensorError` if the weights don't fit the plan.
    package func model() throws -> Model { try Model(plan: plan, parameters: parameters) }
}
