package import Documents
package import JobEngine
package import Studies

/// What a training that succeeded has made.
package struct TrainedModel: Documented {
    package let job: JobRecord
    /// Nil: somebody has taken the version away meanwhile.
    package let model: StoredModel?
    package let epochs: [EpochMetrics]

    package init(of job: JobRecord, in system: SystemConnection) async throws {
        self.job = job
        model = try await system.models().first { $0.version.job == job.id }
        epochs = try await system.catalog.epochs(of: job.id)
    }

    package var document: JSONValue {
        [
            "job": JSONValue(job.id.description), "model": model?.document ?? nil,
            "epochs": JSONValue(epochs.map(\.document)),
        ]
    }
}
