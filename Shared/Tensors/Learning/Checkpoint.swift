package import Networks
package import Plans

/// Everything a run needs to go on as if it had never stopped.
package struct Checkpoint: Sendable {
    package let plan: Plan
    package let recipe: Recipe
    package let split: TrainingSplit
    package let parameters: Parameters
    package let optimizer: AdamW
    package let state: TrainingState
    /// The weights of the best epoch; nil as long as there is none, or when `parameters` are they.
    package let best: Parameters?

    /// The weights as they stand, as a model.
    /// - Throws: `TensorError` if the weights don't fit the plan.
    package func model() throws -> Model { try Model(plan: plan, parameters: parameters) }
}
