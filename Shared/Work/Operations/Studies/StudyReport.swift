package import Documents
import Faults
package import JobEngine
package import Metrics
package import Studies

/// Everything about a study that ended: its jobs, what they wrote, its metrics or the reason of its death.
package struct StudyReport: Documented {
    package let study: Study
    /// Oldest first.
    package let jobs: [JobRecord]
    package let outputs: [StoredArtifact]
    package let metrics: [ClassMetrics]
    /// Nil: nothing was segmented.
    package let judgement: SegmentationJudgement?

    /// - Throws: `OperationError` (`missing`).
    package init(_ id: StudyID, in system: SystemConnection) async throws {
        guard let study = try await system.catalog.study(id) else {
            throw OperationError(.missing, "there is no study \(id)")
        }
        self.study = study
        jobs = try await system.store.jobs(JobFilter(study: id, limit: 1000)).sorted { $0.createdAt < $1.createdAt }
        let segmentation = jobs.last { $0.kind == SegmentVolume.kind && $0.state == .succeeded }
        judgement = if let segmentation { try await system.catalog.judgement(of: segmentation.id) } else { nil }
        var outputs: [StoredArtifact] = []
        for job in jobs {
            outputs += try await system.store.artifacts(of: job.id).filter { !$0.isInput }.map {
                StoredArtifact($0.reference, in: system)
            }
        }
        self.outputs = outputs
        metrics = try await system.metrics(
            of: jobs.last { $0.kind == EvaluateSegmentation.kind && $0.state == .succeeded }?.id)
    }

    /// Its metrics.
    ///
    /// - Throws: `OperationError` (`missing`) where it has none.
    package func requireMetrics() throws -> [ClassMetrics] {
        guard metrics.isEmpty else { return metrics }
        throw OperationError(
            .missing,
            "study \(study.id) is \(study.state.rawValue) and has no metrics; submit it with --label to have some"
        )
    }

    package var failures: [JobRecord] { jobs.filter { $0.state == .dead } }

    package var document: JSONValue {
        [
            "study": JSONValue(study.id), "tenant": JSONValue(study.tenant),
            "pipeline": JSONValue(study.pipeline.rawValue),
            "message_id": JSONValue(study.messageID), "state": JSONValue(study.state.rawValue),
            "jobs": JSONValue(jobs.map(\.document)),
            "artifacts": JSONValue(outputs.map(\.document)),
            "judgement": judgement.map(\.document) ?? nil,
            "metrics": metrics.isEmpty ? nil : metrics.document,
        ]
    }
}
