package import Augmentation
import Faults
import Foundation
package import TensorCore

/// How a model is trained: everything that, with the plan and the cases, decides the weights to the last bit.
///
/// The defaults are MONAI Label's radiology trainer: one uniformly placed crop per case and epoch, batch 1, AdamW with
/// a constant rate of 1e-4, no augmentation. `RecipePreset` has the published ones by name.
package struct Recipe: Sendable, Equatable, Codable {
    package static let currentSchemaVersion = 1

    /// Which case the next crop is from.
    package enum CaseOrder: String, Sendable, Codable, CaseIterable {
        /// Rounds through all cases, each in an order of its own: every case equally often.
        case rounds
        /// Each drawn anew among all, as nnU-Net does.
        case draws
    }

    package enum Cropping: String, Sendable, Codable, CaseIterable {
        /// Within the case; where it is to be on a class is drawn for each crop.
        case inside
        /// nnU-Net's: crops may reach over the case's border, and the last crops of a batch, `foregroundFraction` of
        /// them, are on a class.
        case overhanging
    }

    package enum Loss: String, Sendable, Codable, CaseIterable {
        /// MONAI's, on the logits at full resolution.
        case diceCrossEntropy = "dice-cross-entropy"
        /// The same, Dice over the classes that a crop has: one that it lacks doesn't pull on the weights.
        case presentClasses = "present-classes"
        /// nnU-Net's, on the heads at every resolution; for the U-Nets, whose lower heads nothing else trains.
        case deepSupervision = "deep-supervision"
    }

    package enum Method: String, Sendable, Codable, CaseIterable {
        case adamW = "adamw"
        /// With Nesterov's momentum.
        case sgd
    }

    /// What says which epoch was the best.
    package enum Judge: String, Sendable, Codable, CaseIterable {
        /// Dice over whole validation cases, by sliding windows.
        case validationDice = "validation-dice"
        /// nnU-Net's: the running average (0.9, 0.1) of the Dice over the epoch's validation crops.
        case pseudoDice = "pseudo-dice"
    }

    package var schemaVersion = Recipe.currentSchemaVersion
    package var epochs = 50
    /// nil: one crop per training case.
    package var stepsPerEpoch: Int?
    /// Crops per step; nil: as many as the plan was made for.
    package var batchSize: Int?
    /// Edge of the crops as (i, j, k); nil: the plan's patch.
    package var patch: [Int]?
    package var caseOrder = CaseOrder.rounds
    package var cropping = Cropping.inside
    /// Share of the crops that are centred on a voxel of a class drawn among those in view; 0 is MONAI's uniform crop.
    package var foregroundFraction = 0.0
    /// How crops are varied.
    package var augmentation = Augmentation.none
    package var loss = Loss.diceCrossEntropy
    /// Whether deep supervision sums Dice over the whole batch, as nnU-Net does where a plan of low resolution exists.
    /// Nil: as the plan was made for.
    package var batchDice: Bool?
    package var optimizer = Method.adamW
    /// Of the optimizer `sgd`.
    package var momentum = 0.99
    package var learningRate = 1e-4
    package var schedule = Schedule.constant
    /// Epochs over which the rate rises to its value, step by step.
    package var warmupEpochs = 0
    /// On every parameter; decoupled from the gradient with AdamW, added to it with SGD.
    package var weightDecay = 1e-5
    /// Longer gradients (L2 over all parameters) are shortened to this; nil: left as they are.
    package var gradientNorm: Double?
    /// Decay of an exponential average of the weights, which is validated and kept in their place; nil: none.
    package var averaging: Double?
    /// Parameters that stay as they are, by name; `*` stands for any characters.
    package var frozen: [String] = []
    /// Factors on the rate of parameters, by name as in `frozen`; the longest pattern that fits counts.
    package var rateFactors: [String: Double] = [:]
    package var seed: UInt64 = 0
    /// Share of the cases, the last ones, that are kept for validation.
    package var validationFraction = 0.2
    /// Validation on whole cases follows every n-th epoch and the last; 0 never validates.
    package var epochsPerValidation = 1
    /// Batches of validation crops after every epoch, for nnU-Net's pseudo-Dice.
    package var pseudoValidationSteps = 0
    package var judge = Judge.validationDice
    /// The run ends after as many epochs, counted from the best, as have not been better; nil: never early.
    package var patience: Int?
    /// How convolutions are computed, in training and validation: fast (Winograd), which gives the same bits on every
    /// x86-64-v3 processor, or exact (direct sums by OpenBLAS, about four times slower), whose bits depend on the
    /// processor: a run that goes on elsewhere ends in weights that differ by rounding.
    package var arithmetic = Arithmetic.fast
    /// Of a SegResNet: keeps only the inputs of blocks and computes them again on the way back. Less memory, a third
    /// more time, the same bits.
    package var recomputesActivations = false

    enum CodingKeys: String, CodingKey, CaseIterable {
        case schemaVersion, epochs, stepsPerEpoch, batchSize, patch, caseOrder, cropping, foregroundFraction,
            augmentation, loss, batchDice, optimizer, momentum, learningRate, schedule, warmupEpochs, weightDecay,
            gradientNorm, averaging, frozen, rateFactors, seed, validationFraction, epochsPerValidation,
            pseudoValidationSteps, judge, patience, arithmetic, recomputesActivations
    }

    package init() {}

    /// - Throws: `LearningError`: `invalidRecipe`, naming the setting; `unreadableRecipe` for a newer schema.
    package func validate() throws {
        guard schemaVersion == Self.currentSchemaVersion else {
            throw LearningError(
                .unreadableRecipe,
                "schemaVersion must be \(Self.currentSchemaVersion), got \(schemaVersion): a recipe of a newer program needs that program"
            )
        }
        try demand(epochs > 0, "epochs must be positive, got \(epochs)")
        try demand((stepsPerEpoch ?? 1) > 0, "steps per epoch must be positive, got \(stepsPerEpoch ?? 0)")
        try demand((batchSize ?? 1) > 0, "batch size must be positive, got \(batchSize ?? 0)")
        try demand(
            (0...1).contains(foregroundFraction), "foreground fraction must lie in 0 ... 1, got \(foregroundFraction)")
        if let patch {
            try demand(
                patch.count == 3 && patch.allSatisfy { $0 > 0 }, "patch must be three positive edges, got \(patch)")
        }
        try validateOptimizer()
        try validateValidation()
    }

    private func validateOptimizer() throws {
        try demand(learningRate > 0 && learningRate < 1, "learning rate must lie between 0 and 1, got \(learningRate)")
        try demand(
            (0...epochs).contains(warmupEpochs),
            "warm-up epochs must lie in 0 ... \(epochs), the epochs of the run, got \(warmupEpochs)")
        try demand(weightDecay >= 0 && weightDecay < 1, "weight decay must lie in 0 ..< 1, got \(weightDecay)")
        try demand(momentum >= 0 && momentum < 1, "momentum must lie in 0 ..< 1, got \(momentum)")
        if let gradientNorm {
            try demand(
                gradientNorm > 0 && gradientNorm.isFinite, "gradient norm must be positive, got \(gradientNorm)")
        }
        if let averaging {
            try demand(averaging > 0 && averaging < 1, "averaging must lie between 0 and 1, got \(averaging)")
        }
        for (pattern, factor) in rateFactors.sorted(by: { $0.key < $1.key }) {
            try demand(
                factor >= 0 && factor.isFinite, "the rate factor of \(pattern) must not be negative, got \(factor)")
        }
        try demand(
            batchDice != true || loss == .deepSupervision,
            "batchDice is for the loss deep-supervision, the recipe's is \(loss.rawValue); leave it out")
    }

    private func validateValidation() throws {
        try demand(
            validationFraction >= 0 && validationFraction < 1,
            "validation fraction must lie in 0 ..< 1, got \(validationFraction)")
        try demand(
            epochsPerValidation >= 0, "epochs per validation must be 0 (never) or more, got \(epochsPerValidation)")
        try demand(
            pseudoValidationSteps >= 0, "pseudo-validation steps must be 0 (none) or more, got \(pseudoValidationSteps)"
        )
        try demand(
            judge == .validationDice || pseudoValidationSteps > 0,
            "the judge pseudo-dice needs pseudoValidationSteps above 0, got \(pseudoValidationSteps)")
        guard let patience else { return }
        try demand(patience > 0, "patience must be a positive number of epochs, got \(patience)")
        try demand(
            judge == .pseudoDice || epochsPerValidation > 0 && patience >= epochsPerValidation,
            "patience must wait for a validation, which comes every \(epochsPerValidation) epochs (0: never), got \(patience)"
        )
    }

    /// Crops of a batch for each of several ranks, of a recipe that a plan has completed.
    ///
    /// - Throws: `LearningError.invalidRecipe` where they cannot be shared out equally.
    package func share(ofRanks count: Int) throws -> Int {
        try demand(
            cropsPerStep % count == 0,
            "\(count) ranks (COLUMNA_RANKS) cannot share batches of \(cropsPerStep) equally; take a batchSize that \(count) divides, or as many ranks as divide \(cropsPerStep)"
        )
        return cropsPerStep / count
    }

    private func demand(_ holds: Bool, _ sentence: @autoclosure () -> String) throws {
        guard holds else { throw LearningError(.invalidRecipe, sentence()) }
    }
}
