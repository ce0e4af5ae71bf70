package import Documents
import Faults
package import Foundation
import JobEngine
package import ModelExchange
import Plans
import Storage
package import Studies
import WorkerRuntime

/// A model that was made elsewhere, as a version here.
package struct ModelRegistration: Documented {
    /// With the next version.
    package let reference: ModelReference
    package let weights: StoredArtifact
    /// What whoever runs it must know.
    package let remarks: [String]

    /// Stores the model's file and registers it.
    ///
    /// - Parameter file: `ImportedModel.data()`.
    /// - Throws: `OperationError` (`usage`) for what cannot name a model.
    package init(_ imported: ImportedModel, file: Data, name: String, in system: SystemConnection) async throws {
        guard let wanted = ModelReference(rawValue: name), wanted.version == nil else {
            throw OperationError(
                .usage,
                "'\(name)' cannot name a model: expected up to 64 letters, digits, '.', '-', '_', the first a letter or digit, and no version"
            )
        }
        let weights = ArtifactReference(.weights, try await system.objects().put(file))
        // In place of a recipe: where the weights come from.
        let recipe = try imported.source.map { "{\"\(ModelSource.metadataKey)\":\(try $0.json())}" } ?? "{}"
        let version = try await system.catalog.registerModel(
            ModelVersionDraft(
                name: name, weights: weights, planJSON: String(decoding: try imported.model.plan.json(), as: UTF8.self),
                recipeJSON: recipe, dataSet: nil, validationDice: nil),
            actor: system.actor)
        reference = ModelReference(name: name, version: version)
        self.weights = StoredArtifact(weights, in: system)
        remarks = imported.source?.remarks ?? []
    }

    package var document: JSONValue {
        [
            "reference": JSONValue(reference), "weights": weights.document,
            "remarks": JSONValue(remarks.map { JSONValue($0) }),
        ]
    }
}
