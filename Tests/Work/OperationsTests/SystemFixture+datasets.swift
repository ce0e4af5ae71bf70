import Foundation
import JobEngine
import Operations
import Persistence
import Plans
import Registry
import Studies

extension SystemFixture {
    static let dataSet = "lumbar"

    /// A case that was preprocessed, with the volume and the truth that it was made from.
    ///
    /// - Parameter volume: digit of its address.
    func importCase(
        _ name: String, split: String? = nil, plan: Plan = Plan(), image: Character = "c",
        cropTo source: TrainingCrop.Source = .image, volume: Character = "a"
    ) async throws {
        let request = JobRequest(
            kind: PreprocessVolume.kind, tenant: Self.tenant,
            inputs: [Self.artifact(ArtifactKind.volume.role, volume), Self.artifact(ArtifactKind.truth.role, "b")])
        _ = try await store.enqueue([request])
        let added = DataSetCase(
            dataSet: Self.dataSet, name: name, tenant: Self.tenant,
            image: Self.artifact(ArtifactKind.networkImage.role, image),
            label: Self.artifact(ArtifactKind.networkLabel.role, "d"),
            planDigest: try plan.preprocessingSignature(cropTo: source),
            split: split)
        try await end(
            .preprocessing, Completion(outputs: [added.image, added.label], facts: [try .caseAdded(added)]))
    }

    static func draft(_ name: String = "spine", plan: Plan = Plan()) throws -> ModelVersionDraft {
        ModelVersionDraft(
            name: name, weights: artifact(ArtifactKind.weights.role, "e"),
            planJSON: String(decoding: try plan.json(), as: UTF8.self),
            recipeJSON: "{}", dataSet: dataSet, validationDice: nil)
    }

    /// A version that somebody brought.
    func importModel(plan: Plan = Plan()) async throws -> ModelVersion {
        let version = try await system.catalog.registerModel(Self.draft(plan: plan), actor: system.actor)
        return try await system.model(ModelReference(name: "spine", version: version))
    }
}
