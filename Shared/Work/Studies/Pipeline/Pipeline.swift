package import JobEngine

/// The stages and their order: which job makes which child. The only place that knows.
///
/// ```
/// segment:  (retrieve-study →) ingest-study → preprocess-volume → segment-volume → evaluate-segmentation (with a label)
///                                                                              └─> deliver-segmentation (one a destination)
/// import:   ingest-study → preprocess-volume (with a label) → a case of the data set
/// train:    train-model → a model version
/// correct:  ingest-correction ⇢ learn-from-corrections, which is no part of the study: where a policy's number is reached, a data set, a
///           training and a gate (docs/corrections.md)
/// evaluate: (preprocess-volume →) segment-volume → evaluate-segmentation, for each case → summarize-evaluation → compare-evaluations
/// ```
package enum Pipeline {
    /// The jobs after one of `kind`; none where the pipeline ends.
    ///
    /// - Parameter hasTruth: whether a ground truth came with the study.
    package static func next(after kind: JobKind, order: StudyOrder, hasTruth: Bool) -> [any JobDefinition] {
        switch (kind, order.pipeline) {
        case (_, .evaluate): []
        case (RetrieveStudy.kind, _): [IngestStudy(order: order, path: nil)]
        case (IngestStudy.kind, _): [PreprocessVolume(order: order)]
        case (PreprocessVolume.kind, .segment): [SegmentVolume(order: order)]
        case (SegmentVolume.kind, .segment):
            (hasTruth ? [EvaluateSegmentation(order: order)] : [])
                + (order.destinations ?? []).map { DeliverSegmentation(order: order, destination: $0) }
        default: []
        }
    }

    /// The requests for the jobs after a finished one.
    ///
    /// - Parameters:
    ///   - order: with the model's version and the destinations resolved.
    ///   - artifacts: all that the children may need: the finished job's inputs and outputs.
    package static func children(
        of job: JobRecord, order: StudyOrder, artifacts: [ArtifactReference]
    ) throws -> [JobRequest] {
        let hasTruth = artifacts.first(of: .truth) != nil
        return try next(after: job.kind, order: order, hasTruth: hasTruth).map {
            try request($0, after: job, artifacts)
        }
    }

    private static func request<Definition: JobDefinition>(
        _ parameters: Definition, after job: JobRecord, _ artifacts: [ArtifactReference]
    ) throws -> JobRequest {
        let kind = Definition.kind
        // Deliveries of one label map differ by where it goes.
        let destination = (parameters as? DeliverSegmentation)?.destination
        return try JobRequest(
            parameters, tenant: job.tenant, priority: job.priority,
            deduplicationKey: ["\(job.id)", kind.rawValue, destination].compactMap { $0 }.joined(separator: "/"),
            parents: [job.id], inputs: artifacts.filter(kind.takes), study: job.study)
    }
}
