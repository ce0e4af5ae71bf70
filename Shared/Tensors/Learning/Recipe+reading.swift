import Documents
import Augmentation
import Faults
package import Foundation
import Plans
import TensorCore
import Yams

extension Recipe {
    /// A recipe may name only what differs from the defaults.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.settings(CodingKeys.self)
        self.init()
        try values.read(.schemaVersion, into: &schemaVersion)
        try values.read(.epochs, into: &epochs)
        try values.read(.stepsPerEpoch, into: &stepsPerEpoch)
        try values.read(.batchSize, into: &batchSize)
        try values.read(.patch, into: &patch)
        try values.read(.caseOrder, into: &caseOrder, of: CaseOrder.allCases)
        try values.read(.cropping, into: &cropping, of: Cropping.allCases)
        try values.read(.foregroundFraction, into: &foregroundFraction)
        try values.read(.augmentation, into: &augmentation)
        try values.read(.loss, into: &loss, of: Loss.allCases)
        try values.read(.batchDice, into: &batchDice)
        try values.read(.optimizer, into: &optimizer, of: Method.allCases)
        try values.read(.momentum, into: &momentum)
        try values.read(.learningRate, into: &learningRate)
        try values.read(.schedule, into: &schedule, of: Schedule.allCases)
        try values.read(.warmupEpochs, into: &warmupEpochs)
        try values.read(.weightDecay, into: &weightDecay)
        try values.read(.gradientNorm, into: &gradientNorm)
        try values.read(.averaging, into: &averaging)
        try values.read(.frozen, into: &frozen)
        try values.read(.rateFactors, into: &rateFactors)
        try values.read(.seed, into: &seed)
        try values.read(.validationFraction, into: &validationFraction)
        try values.read(.epochsPerValidation, into: &epochsPerValidation)
        try values.read(.pseudoValidationSteps, into: &pseudoValidationSteps)
        try values.read(.judge, into: &judge, of: Judge.allCases)
        try values.read(.patience, into: &patience)
        try values.read(.arithmetic, into: &arithmetic, of: Arithmetic.allCases)
        try values.read(.recomputesActivations, into: &recomputesActivations)
    }

    /// Deterministic bytes: sorted keys, two-space indentation.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    /// - Throws: `LearningError`: `unreadableRecipe` if the bytes aren't a recipe or one of a newer program, `invalidRecipe` if
    ///   a setting is out of range.
    package init(json: Data) throws {
        self = try Self.readable {
            try SettingsDefect.refuseDuplicates(in: json)
            return try JSONDecoder().decode(Recipe.self, from: json)
        }
        try validate()
    }

    /// A recipe as people write it. JSON is YAML, too.
    ///
    /// - Throws: as `init(json:)`.
    package init(yaml: Data) throws {
        self = try Self.readable {
            guard let text = String(data: yaml, encoding: .utf8) else {
                throw SettingsDefect("it is not text in UTF-8")
            }
            // A file of comments names nothing that differs.
            guard let document = try Yams.load(yaml: text) else { return Recipe() }
            guard document is [String: Any] else { throw SettingsDefect("it must be keys with values") }
            return try YAMLDecoder().decode(Recipe.self, from: text)
        }
        try validate()
    }

    private static func readable(_ read: () throws -> Recipe) throws -> Recipe {
        do { return try read() } catch let error as DecodingError {
            // Yams wraps what a type says of itself.
            if case .dataCorrupted(let context) = error, let defect = context.underlyingError as? SettingsDefect {
                throw LearningError(.unreadableRecipe, "recipe is not readable: \(defect)")
            }
            throw LearningError(.unreadableRecipe, "recipe is not readable: \(SettingsDefect(error))")
        } catch let defect as SettingsDefect {
            throw LearningError(.unreadableRecipe, "recipe is not readable: \(defect)")
        } catch let error as YamlError {
            throw LearningError(.unreadableRecipe, "recipe is not YAML: \(error)")
        }
    }
}
