import JobEngine

extension Catalog {
    /// The version that a reference means: the promoted one of a name alone, the one it says otherwise.
    ///
    /// - Throws: `JobFailure` of class `data`: `model-not-found`, `model-not-promoted`.
    package func version(_ reference: ModelReference) async throws -> ModelVersion {
        if let version = try await modelVersion(name: reference.name, version: reference.version) { return version }
        guard let newest = try await modelVersions().first(where: { $0.name == reference.name }) else {
            throw JobFailure(
                class: .data, code: "model-not-found",
                reason:
                    "model \(reference) does not exist: choose one of `columna models list`, or make one with `columna train start` or `columna models import`"
            )
        }
        guard reference.version == nil else {
            throw JobFailure(
                class: .data, code: "model-not-found",
                reason:
                    "model \(reference) does not exist: the newest version of \(reference.name) is \(newest.version), see `columna models list`"
            )
        }
        throw JobFailure(
            class: .data, code: "model-not-promoted",
            reason:
                "model \(reference.name) has no promoted version, and a name means nothing else: promote one (`columna models promote \(newest.reference)`), "
                + "or name a version in full (\(newest.reference))")
    }
}
