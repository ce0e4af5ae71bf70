import Faults
package import Foundation
import Plans
import TensorCore

extension Recipe {
    /// A recipe may name only what differs from the defaults.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.settings(CodingKeys.self)
        self.init()
        try values.read(.epochs, into: &epochs)
        try values.read(.stepsPerEpoch, into: &stepsPerEpoch)
        try values.read(.batchSize, into: &batchSize)
        try values.read(.patch, into: &patch)
        try values.read(.loss, into: &loss, of: [.diceCrossEntropy, .deepSupervision])
        try values.read(.learningRate, into: &learningRate)
        try values.read(.schedule, into: &schedule, of: [.constant, .polynomial])
        try values.read(.weightDecay, into: &weightDecay)
        try values.read(.seed, into: &seed)
        try values.read(.foregroundFraction, into: &foregroundFraction)
        try values.read(.augmentation, into: &augmentation, of: [.none, .light])
        try values.read(.validationFraction, into: &validationFraction)
        try values.read(.epochsPerValidation, into: &epochsPerValidation)
        try values.read(.arithmetic, into: &arithmetic, of: Arithmetic.allCases)
        try values.read(.recomputesActivations, into: &recomputesActivations)
    }

    /// Deterministic bytes: sorted keys, two-space indentation.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    /// - Throws: `LearningError.invalidRecipe` if the bytes aren't a recipe or a setting is out of range.
    package init(json: Data) throws {
        do {
            try SettingsDefect.refuseDuplicates(in: json)
            self = try JSONDecoder().decode(Recipe.self, from: json)
        } catch let error as DecodingError {
            throw LearningError(.invalidRecipe, "recipe is not readable: \(SettingsDefect(error))")
        } catch let defect as SettingsDefect {
            throw LearningError(.invalidRecipe, "recipe is not readable: \(defect)")
        }
        try validate()
    }
}
