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
    /// Mean over the validation cases of the mean Dice over the classes that the case's truth has, of the averaged
    /// weights where the recipe averages; nil if not validated.
    package let validationDice: Double?
    /// Mean over the validation cases that have the class; keys are labels.
    package let validationDiceByClass: [Int: Double]?
    /// Over all validation crops of the epoch, by class (2TP / (2TP + FP + FN)), without classes that neither truth nor
    /// prediction has; nil where the recipe has no pseudo-validation.
    package let pseudoDiceByClass: [Int: Double]?
    /// Mean loss over the epoch's batches of validation crops, of the weights that validation judges; nil where the recipe
    /// has no pseudo-validation.
    package let validationLoss: Double?
    /// By what the recipe's judge compares epochs; nil: not validated, or a checkpoint of an older program.
    package internal(set) var judgedDice: Double?
    /// How often the rate was halved since the run began, because the loss was no longer a number; nil in checkpoints
    /// of older programs.
    package let rateHalvings: Int?

    /// Mean over the classes.
    package var pseudoDice: Double? {
        guard let byClass = pseudoDiceByClass, !byClass.isEmpty else { return nil }
        return byClass.sorted { $0.key < $1.key }.reduce(0.0) { $0 + $1.value } / Double(byClass.count)
    }
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
    /// For the batch, while the core stood still.
    package let waitedSeconds: Double
}
