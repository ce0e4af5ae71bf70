import Documents
package import JobEngine

/// The stages and their order: which job makes which child. The only place that knows.
///
/// ```
/// segment:  (retrieve-study →) ingest-study → preprocess-volume → segment-volume → evaluate-segmentation (with a label)
///                                                                              └─> deliver-segmentation (one a destination)
/// import:   ingest-study → preprocess-volume (with a label) → a case of the data set
/// train:    train-model → a model version
/// evaluate: (preprocess-volume →) segment-volume → evaluate-segmentation, for each case → summarize-evaluation → compare-evaluations
/// ```
package enum Pipeline {
    /// The kinds of jobs after `kind`; none where the pipeline ends.
    ///
    /// - Parameter hasTruth: whether a ground truth came with the study.
    package static func next(after kind: JobKind, order: StudyOrder, hasTruth: Bool) -> [JobKind] {
        switch (kind, order.pipeline) {
        case (_, .evaluate): []
        case (.retrieveStudy, _): [.ingestStudy]
        case (.ingestStudy, _): [.preprocessVolume]
        case (.preprocessVolume, .segment): [.segmentVolume]
        case (.segmentVolume, .segment):
            (hasTruth ? [.evaluateSegmentation] : []) + (order.destinations ?? []).map { _ in .deliverSegmentation }
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
        var destinations = (order.destinations ?? []).makeIterator()
        let hasTruth = artifacts.contains { $0.role == Role.truth }
        return try next(after: job.kind, order: order, hasTruth: hasTruth).map { kind in
            let destination = kind == .deliverSegmentation ? destinations.next() : nil
            return JobRequest(
                kind: kind, tenant: job.tenant, priority: job.priority,
                deduplicationKey: ["\(job.id)", kind.rawValue, destination].compactMap { $0 }.joined(separator: "/"),
                parameters: try parameters(of: kind, order: order, destination: destination), parents: [job.id],
                inputs: artifacts.filter { kind.inputs.contains($0.role) }, study: job.study)
        }
    }

    private static func parameters(of kind: JobKind, order: StudyOrder, destination: String?) throws -> String {
        if let destination {
            return try CanonicalJSON.string(DeliverParameters(order: order, destination: destination))
        }
        if kind == .ingestStudy { return try CanonicalJSON.string(IngestParameters(order: order, path: nil)) }
        return try CanonicalJSON.string(StageParameters(order: order))
    }
}
