package import Documents
package import JobEngine
package import Studies

/// What a training that succeeded has made.
package struct TrainedModel: Documented {
    package let job: JobRecord
    /// Of the best epoch. Nil: somebody has taken the version away meanwhile.
    package let model: StoredModel?
    /// All that it left: the best, and where they are others the averaged and the last weights.
    package let models: [StoredModel]
    package let epochs: [EpochMetrics]

    package init(of job: JobRecord, in system: SystemConnection) async throws {
        self.job = job
        models = try await system.catalog.models(of: job.id).map { StoredModel($0, in: system) }
        model = models.first { $0.version.variant ?? .best == .best }
        epochs = try await system.catalog.epochs(of: job.id)
    }

    package var document: JSONValue {
        [
            "job": JSONValue(job.id.description), "model": model?.document ?? nil,
            "models": JSONValue(models.map(\.document)),
            "epochs": JSONValue(epochs.map(\.document)),
        ]
    }
}
