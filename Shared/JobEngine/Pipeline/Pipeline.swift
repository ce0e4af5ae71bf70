/// The stages and their order: which job makes which child. The only place that knows.
///
/// ```
/// segment:  ingest-study → preprocess-volume → segment-volume → evaluate-segmentation (with a label)
/// import:   ingest-study → preprocess-volume (with a label) → a case of the data set
/// train:    train-model → a model version
/// ```
package enum Pipeline {
    /// The job after `kind`, or nil where the pipeline ends.
    ///
    /// - Parameter hasTruth: whether a ground truth came with the study.
    package static func next(after kind: JobKind, order: StudyOrder, hasTruth: Bool) -> JobKind? {
        switch (kind, order.pipeline) {
        case (.ingestStudy, _): .preprocessVolume
        case (.preprocessVolume, .segment): .segmentVolume
        case (.segmentVolume, .segment) where hasTruth: .evaluateSegmentation
        default: nil
        }
    }

    /// The request for the job after a finished one.
    ///
    /// - Parameters:
    ///   - order: with the model's version resolved.
    ///   - artifacts: all that the child may need: the finished job's inputs and outputs.
    package static func child(
        of job: JobRecord, order: StudyOrder, artifacts: [ArtifactReference]
    ) throws -> JobRequest? {
        let hasTruth = artifacts.contains { $0.role == Role.truth }
        guard let kind = next(after: job.kind, order: order, hasTruth: hasTruth) else { return nil }
        let wanted = inputs(of: kind)
        return JobRequest(
            kind: kind, tenant: job.tenant, priority: job.priority, deduplicationKey: "\(job.id)/\(kind.rawValue)",
            parameters: try CanonicalJSON.string(StageParameters(order: order)), parents: [job.id],
            inputs: artifacts.filter { wanted.contains($0.role) }, study: job.study)
    }

    private static func inputs(of kind: JobKind) -> Set<String> {
        switch kind {
        case .preprocessVolume: [Role.volume, Role.truth, Role.weights]
        case .segmentVolume: [Role.volume, Role.truth, Role.networkImage, Role.weights]
        case .evaluateSegmentation: [Role.volume, Role.truth, Role.labelMap]
        case .ingestStudy, .trainModel, .rehearsal: []
        }
    }
}
