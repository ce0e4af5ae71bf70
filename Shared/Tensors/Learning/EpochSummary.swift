/// What one epoch gave. No clock times: they would make checkpoints of equal runs differ.
package struct EpochSummary: Sendable, Equatable, Codable {
    /// From 1.
    package let epoch: Int
    /// Means over the epoch's steps.
    package let loss: Double
    package let dice: Double
    package let crossEntropy: Double
    /// Of the epoch's last step.
    package let learningRate: Double
    /// Mean over the validation cases of the mean Dice over the classes that the case's truth has; nil if not
    /// validated.
    package let validationDice: Double?
    /// Mean over the validation cases that have the class; keys are labels.
    package let validationDiceByClass: [Int: Double]?
}

/// What one step gave.
package struct StepSummary: Sendable, Equatable {
    /// From 1.
    package let step: Int
    package let steps: Int
    /// From 1.
    package let epoch: Int
    package let loss: Double
    package let dice: Double
    package let crossEntropy: Double
    package let learningRate: Double
}
