package import Documents
import Faults
import Foundation
package import JobEngine
package import Metrics
package import Studies

/// All that is known of one job.
package struct JobDetail: Documented {
    package let job: JobRecord
    /// Nil for a job outside any study, such as a training.
    package let study: Study?
    package let attempts: [JobAttempt]
    package let artifacts: [StoredArtifact]
    package let parents: [JobID]
    package let children: [JobID]
    package let epochs: [EpochMetrics]
    package let metrics: [ClassMetrics]
    /// Nil unless it segmented.
    package let judgement: SegmentationJudgement?

    /// - Throws: `OperationError` (`missing`).
    package init(_ id: JobID, in system: SystemConnection) async throws {
        guard let job = try await system.store.job(id) else {
            throw OperationError(.missing, "there is no job \(id); see `columna jobs list`")
        }
        self.job = job
        study = if let id = job.study { try await system.catalog.study(id) } else { nil }
        attempts = try await system.store.attempts(of: id)
        artifacts = try await system.store.artifacts(of: id).map {
            StoredArtifact($0.reference, isInput: $0.isInput, in: system)
        }
        parents = try await system.store.parents(of: id)
        children = try await system.store.children(of: id)
        judgement = try await system.catalog.judgement(of: id)
        epochs = job.kind == TrainModel.kind ? try await system.catalog.epochs(of: id) : []
        metrics = try await system.metrics(of: job.kind == EvaluateSegmentation.kind ? id : nil)
    }

    /// The job stands for a message that ingestion refused: nothing can run it.
    package var isRefusedMessage: Bool {
        artifacts.filter(\.isInput).map(\.reference).first(of: .rejectedMessage) != nil
    }

    package var document: JSONValue {
        guard case .object(var members) = job.document else { return nil }
        members += [
            (key: "message_id", value: JSONValue(study?.messageID)),
            (key: "attempts", value: JSONValue(attempts.map(\.document))),
            (key: "inputs", value: JSONValue(artifacts.filter(\.isInput).map(\.document))),
            (key: "outputs", value: JSONValue(artifacts.filter { !$0.isInput }.map(\.document))),
            (key: "parents", value: JSONValue(parents.map { JSONValue($0.description) })),
            (key: "children", value: JSONValue(children.map { JSONValue($0.description) })),
        ]
        if job.kind == TrainModel.kind { members.append((key: "epochs", value: JSONValue(epochs.map(\.document)))) }
        if let judgement { members.append((key: "judgement", value: judgement.document)) }
        if !metrics.isEmpty { members.append((key: "metrics", value: metrics.document)) }
        return .object(members)
    }
}
