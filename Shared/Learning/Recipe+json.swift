package import Foundation

extension Recipe {
    /// A recipe may name only what differs from the defaults.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func read<Value: Decodable>(_ key: CodingKeys, _ value: inout Value) throws {
            if let given = try values.decodeIfPresent(Value.self, forKey: key) { value = given }
        }
        self.init()
        try read(.epochs, &epochs)
        stepsPerEpoch = try values.decodeIfPresent(Int.self, forKey: .stepsPerEpoch)
        try read(.batchSize, &batchSize)
        patch = try values.decodeIfPresent([Int].self, forKey: .patch)
        try read(.learningRate, &learningRate)
        try read(.schedule, &schedule)
        try read(.weightDecay, &weightDecay)
        try read(.seed, &seed)
        try read(.foregroundFraction, &foregroundFraction)
        try read(.augmentation, &augmentation)
        try read(.validationFraction, &validationFraction)
        try read(.epochsPerValidation, &epochsPerValidation)
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
            self = try JSONDecoder().decode(Recipe.self, from: json)
        } catch let error as DecodingError {
            throw LearningError(.invalidRecipe, "recipe is not readable JSON: \(error.shortDescription)")
        }
        try validate()
    }
}

extension DecodingError {
    /// The key and the reason, without the bytes.
    var shortDescription: String {
        let context: Context? =
            switch self {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context), .dataCorrupted(let context): context
            @unknown default: nil
            }
        let path = (context?.codingPath ?? []).map(\.stringValue).joined(separator: ".")
        return path.isEmpty ? (context?.debugDescription ?? "unknown") : "\(path): \(context?.debugDescription ?? "unknown")"
    }
}
