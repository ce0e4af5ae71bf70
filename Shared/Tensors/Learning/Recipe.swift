import Faults
import Foundation
package import TensorCore

/// How a model is trained: everything that, with the plan and the cases, decides the weights to the last bit.
///
/// The defaults are MONAI Label's radiology trainer: one uniformly placed crop per case and epoch, batch 1, AdamW with
/// a constant rate of 1e-4, no augmentation.
package struct Recipe: Sendable, Equatable, Codable {
    package enum Schedule: String, Sendable, Codable, CaseIterable {
        case constant
        /// rate · (1 − step / steps)^0.9, as nnU-Net does.
        case polynomial
    }

    package enum Augmentation: String, Sendable, Codable, CaseIterable {
        case none
        /// Mirror left and right (half of the crops), scale and shift the intensities by up to 10 %, add noise.
        case light
    }

    package enum Loss: String, Sendable, Codable, CaseIterable {
        /// MONAI's, on the logits at full resolution.
        case diceCrossEntropy = "dice-cross-entropy"
        /// nnU-Net's, on the heads at every resolution; for the U-Nets, whose lower heads nothing else trains.
        case deepSupervision = "deep-supervision"
    }

    package var epochs = 50
    /// nil: one crop per training case.
    package var stepsPerEpoch: Int?
    package var batchSize = 1
    /// Edge of the crops as (i, j, k); nil: the plan's patch.
    package var patch: [Int]?
    package var loss = Loss.diceCrossEntropy
    package var learningRate = 1e-4
    package var schedule = Schedule.constant
    /// Decoupled, on every parameter.
    package var weightDecay = 1e-5
    package var seed: UInt64 = 0
    /// Share of the crops that are centred on a voxel of a class drawn among those in view; 0 is MONAI's uniform crop.
    package var foregroundFraction = 0.0
    package var augmentation = Augmentation.none
    /// Share of the cases, the last ones, that are kept for validation.
    package var validationFraction = 0.2
    /// Validation follows every n-th epoch and the last; 0 never validates.
    package var epochsPerValidation = 1
    /// How convolutions are computed, in training and validation: fast (Winograd), which gives the same bits on every
    /// x86-64-v3 processor, or exact (direct sums by OpenBLAS, about four times slower), whose bits depend on the
    /// processor: a run that goes on elsewhere ends in weights that differ by rounding.
    package var arithmetic = Arithmetic.fast
    /// Of a SegResNet: keeps only the inputs of blocks and computes them again on the way back. Less memory, a third
    /// more time, the same bits.
    package var recomputesActivations = false

    enum CodingKeys: String, CodingKey, CaseIterable {
        case epochs, stepsPerEpoch, batchSize, patch, loss, learningRate, schedule, weightDecay, seed,
            foregroundFraction, augmentation
        case validationFraction, epochsPerValidation, arithmetic, recomputesActivations
    }

    package init() {}

    /// - Throws: `LearningError.invalidRecipe`, naming the setting.
    package func validate() throws {
        func demand(_ holds: Bool, _ sentence: @autoclosure () -> String) throws {
            guard holds else { throw LearningError(.invalidRecipe, sentence()) }
        }
        try demand(epochs > 0, "epochs must be positive, got \(epochs)")
        try demand((stepsPerEpoch ?? 1) > 0, "steps per epoch must be positive, got \(stepsPerEpoch ?? 0)")
        try demand(batchSize > 0, "batch size must be positive, got \(batchSize)")
        try demand(learningRate > 0 && learningRate < 1, "learning rate must lie between 0 and 1, got \(learningRate)")
        try demand(weightDecay >= 0 && weightDecay < 1, "weight decay must lie in 0 ..< 1, got \(weightDecay)")
        try demand(
            (0...1).contains(foregroundFraction), "foreground fraction must lie in 0 ... 1, got \(foregroundFraction)")
        try demand(
            validationFraction >= 0 && validationFraction < 1,
            "validation fraction must lie in 0 ..< 1, got \(validationFraction)")
        try demand(
            epochsPerValidation >= 0, "epochs per validation must be 0 (never) or more, got \(epochsPerValidation)")
        if let patch {
            try demand(
                patch.count == 3 && patch.allSatisfy { $0 > 0 }, "patch must be three positive edges, got \(patch)")
        }
    }

    /// The learning rate of a step counted from 0.
    package func learningRate(atStep step: Int, of steps: Int) -> Double {
        switch schedule {
        case .constant: learningRate
        case .polynomial: learningRate * pow(1 - Double(step) / Double(max(1, steps)), 0.9)
        }
    }
}
