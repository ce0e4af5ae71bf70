package import Documents
import Faults
import Foundation
import JobEngine
import Networks
import Plans
import Storage
package import Studies
import Threads

/// Versions of one plan, such as the folds of a data set, as one version: what it segments is decided by the mean of
/// their logits.
package struct EnsembleRegistration: Documented {
    /// With the next version.
    package let reference: ModelReference
    package let members: [ModelReference]
    package let weights: StoredArtifact

    /// Stores the networks in one file and registers it.
    ///
    /// - Throws: `OperationError`: `usage` for what cannot name a model and for fewer than two versions or one twice,
    ///   `missing` where there is no such version or its weights are damaged, `badInput` where their plans differ.
    package init(name: String, of versions: [ModelReference], in system: SystemConnection) async throws {
        guard let wanted = ModelReference(rawValue: name), wanted.version == nil else {
            throw OperationError(
                .usage,
                "'\(name)' cannot name an ensemble: expected a model's name without a version, such as spine-folds")
        }
        var found: [ModelVersion] = []
        for version in versions { found.append(try await system.model(version)) }
        guard found.count > 1, Set(found.map(\.weights.address)).count == found.count else {
            throw OperationError(
                .usage,
                "an ensemble is of two versions or more, each another one, got \(versions.map(\.rawValue).joined(separator: ", "))"
            )
        }
        let ensemble = ModelEnsemble(
            found.map { one in
                var weights = one.weights
                weights.role = ArtifactKind.weights.role
                return ModelEnsemble.Member(model: one.reference, weights: weights)
            })
        let json = try CanonicalJSON.string(ensemble)
        let (data, plan) = try await Self.file(ensemble, json, in: system)
        let weights = ArtifactReference(.weights, try await system.objects().put(data))
        let dataSets = Set(found.map(\.dataSet))
        let version = try await system.catalog.registerModel(
            ModelVersionDraft(
                name: name, weights: weights, planJSON: plan,
                // In place of a recipe: of whom it is.
                recipeJSON: "{\"\(ModelEnsemble.metadataKey)\":\(json)}",
                dataSet: dataSets.count == 1 ? found[0].dataSet : nil, validationDice: nil),
            actor: system.actor)
        reference = ModelReference(name: name, version: version)
        members = found.map(\.reference)
        self.weights = StoredArtifact(weights, in: system)
    }

    private static func file(_ ensemble: ModelEnsemble, _ json: String, in system: SystemConnection) async throws -> (
        Data, String
    ) {
        let store = try await system.objects()
        var files: [URL] = []
        for one in ensemble.members {
            guard case .intact = try await store.verify(one.weights.address) else {
                throw OperationError(
                    .missing,
                    "the weights of \(one.model) are damaged or missing in storage: run `columna storage verify`")
            }
            files.append(try await store.open(one.weights.address, expectedByteCount: one.weights.byteCount))
        }
        return try await OwnThread.run { [files] in
            let models = try files.map(ModelFile.read)
            let plan = models[0].plan
            if let stranger = models.indices.first(where: { models[$0].plan != plan }) {
                throw OperationError(
                    .badInput,
                    "\(ensemble.members[stranger].model) has another plan than \(ensemble.members[0].model): the logits of an ensemble must be of one grid and the same classes"
                )
            }
            let joined = try Model(plan: plan, ensemble: models.flatMap { $0.networks.map(\.parameters) })
            return (
                try ModelFile.data(joined, metadata: [ModelEnsemble.metadataKey: json]),
                String(decoding: try plan.json(), as: UTF8.self)
            )
        }
    }

    package var document: JSONValue {
        [
            "reference": JSONValue(reference), "members": JSONValue(members.map { JSONValue($0) }),
            "weights": weights.document,
        ]
    }
}
