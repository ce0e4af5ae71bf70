package import JobEngine

/// A model before the store has numbered it: versions of a name count 1, 2, 3 …
package struct ModelVersionDraft: Sendable, Codable, Equatable {
    package var name: String
    /// Safetensors with the plan in its metadata.
    package var weights: ArtifactReference
    package var planJSON: String
    package var recipeJSON: String
    package var dataSet: String?
    /// Mean foreground Dice on the validation split, if there was one.
    package var validationDice: Double?
    /// Nil: imported.
    package var variant: ModelVariant?

    package init(
        name: String, weights: ArtifactReference, planJSON: String, recipeJSON: String, dataSet: String?,
        validationDice: Double?, variant: ModelVariant? = nil
    ) {
        self.name = name
        self.weights = weights
        self.planJSON = planJSON
        self.recipeJSON = recipeJSON
        self.dataSet = dataSet
        self.validationDice = validationDice
        self.variant = variant
    }
}
