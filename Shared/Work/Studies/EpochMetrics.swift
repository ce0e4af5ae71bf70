package import Foundation

/// What one epoch of a training gave, with the clock times that its checkpoint must not hold. Nil: not measured, or an
/// epoch from before it was kept.
package struct EpochMetrics: Sendable, Codable, Equatable {
    /// From 1.
    package var epoch: Int
    /// Mean over the epoch's steps.
    package var trainingLoss: Double
    /// The parts of the loss.
    package var diceLoss: Double?
    package var crossEntropy: Double?
    /// Mean over the validation cases of the mean over the classes that the case's truth has; of the averaged weights
    /// where the recipe averages.
    package var validationDice: Double?
    /// Mean over the validation cases that have the class; keys are labels.
    package var validationDiceByClass: [String: Double]?
    /// Dice on patches; keys are labels.
    package var pseudoDice: [String: Double]?
    /// Mean loss over the epoch's batches of validation patches; nil where the recipe has none.
    package var validationLoss: Double?
    /// By what the recipe's judge compares epochs.
    package var judgedDice: Double?
    /// Of the epoch's last step.
    package var learningRate: Double
    /// How often the rate had been halved by then because the loss was no number.
    package var rateHalvings: Int?
    /// Wall time with the validation.
    package var seconds: Double
    /// Share of the time of its steps that they waited for patches, 0…1.
    package var waitedShare: Double?
    /// Peak resident memory of the worker's process up to the epoch's end (VmHWM).
    package var peakMemoryInBytes: Int?

    /// When it was kept; nil in what a worker tells.
    package var endedAt: Date?

    package init(epoch: Int, trainingLoss: Double, validationDice: Double?, learningRate: Double, seconds: Double) {
        self.epoch = epoch
        self.trainingLoss = trainingLoss
        self.validationDice = validationDice
        self.learningRate = learningRate
        self.seconds = seconds
    }

    /// Mean over the classes.
    package var meanPseudoDice: Double? {
        guard let pseudoDice, !pseudoDice.isEmpty else { return nil }
        return pseudoDice.values.reduce(0, +) / Double(pseudoDice.count)
    }
}
