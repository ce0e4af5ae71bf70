import Faults
import JobEngine
package import Studies

extension SystemConnection {
    /// All versions, newest first.
    package func models() async throws -> [StoredModel] {
        try await catalog.modelVersions().map { StoredModel($0, in: self) }
    }

    /// The version that a reference means.
    ///
    /// - Throws: `OperationError` (`missing`) in the catalog's words where there is none.
    package func model(_ reference: ModelReference) async throws -> ModelVersion {
        do { return try await catalog.version(reference) } catch let failure as JobFailure {
            throw OperationError(.missing, failure.reason)
        }
    }

    /// That version with the place of its weights.
    package func storedModel(_ reference: ModelReference) async throws -> StoredModel {
        StoredModel(try await model(reference), in: self)
    }

    /// Makes a version the one that its model's name alone means, with an audit row.
    ///
    /// - Throws: `OperationError`: `usage` where no version is named, `missing` where there is none such.
    package func promote(_ reference: ModelReference) async throws {
        let version = try Self.requireVersion(of: reference)
        guard try await catalog.promoteModel(name: reference.name, version: version, actor: actor) else {
            throw OperationError(.missing, "there is no model \(reference); see `columna models list`")
        }
    }

    /// Makes the version that was promoted before the present one what the model's name alone means again, with an audit
    /// row.
    ///
    /// - Throws: `OperationError`: `usage` where a version is named, `missing` where there is no such model, `refused`
    ///   where no version was promoted before.
    package func rollBack(_ model: ModelReference) async throws -> (withdrawn: ModelReference, standing: ModelReference)
    {
        guard model.version == nil else {
            throw OperationError(
                .usage,
                "a rollback takes a model's name alone (\(model.name)); `columna models promote \(model)` promotes that version"
            )
        }
        if let (withdrawn, standing) = try await catalog.rollBackModel(name: model.name, actor: actor) {
            return (
                ModelReference(name: model.name, version: withdrawn),
                ModelReference(name: model.name, version: standing)
            )
        }
        let present = try await self.model(model)
        throw OperationError(
            .refused, "no version of \(model.name) was promoted before \(present.reference): nothing to roll back to")
    }

    /// The version of a reference that must name one.
    ///
    /// - Throws: `OperationError` (`usage`).
    @discardableResult
    package static func requireVersion(of reference: ModelReference) throws -> Int {
        guard let version = reference.version else {
            throw OperationError(.usage, "say which version: \(reference.name)@VERSION")
        }
        return version
    }
}
