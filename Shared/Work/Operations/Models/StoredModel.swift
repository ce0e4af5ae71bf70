package import Documents
import JobEngine
package import Studies

/// A version of a model, with the place of its weights.
package struct StoredModel: Documented {
    package let version: ModelVersion
    package let weights: StoredArtifact

    init(_ version: ModelVersion, in system: SystemConnection) {
        self.version = version
        weights = StoredArtifact(version.weights, in: system)
    }

    package var document: JSONValue { .object(members) }

    /// With what it is, how it was trained, and the gates at which it stood on either side.
    package func detail(_ gates: [DecidedGate]) -> JSONValue {
        .object(
            members + [
                (key: "plan", value: JSONValue(orText: version.planJSON)),
                (key: "recipe", value: JSONValue(orText: version.recipeJSON)),
                (key: "gates", value: JSONValue(gates.map(\.document))),
            ])
    }

    private var members: [(key: String, value: JSONValue)] {
        [
            (key: "name", value: JSONValue(version.name)), (key: "version", value: JSONValue(version.version)),
            (key: "reference", value: JSONValue(version.reference)),
            (key: "is_promoted", value: JSONValue(version.isPromoted)),
            (key: "variant", value: JSONValue(version.variant?.rawValue)),
            (key: "validation_dice", value: JSONValue(version.validationDice)),
            (key: "data_set", value: JSONValue(version.dataSet)),
            (key: "job", value: JSONValue(version.job?.description)),
            (key: "created_at", value: JSONValue(version.createdAt)), (key: "weights", value: weights.document),
        ]
    }
}
