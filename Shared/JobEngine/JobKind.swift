/// What a job does: names the handler that runs it. Each kind belongs to one stage.
package enum JobKind: String, Sendable, Codable, CaseIterable {
    /// Fetches a study from an archive.
    case retrieveStudy = "retrieve-study"
    case ingestStudy = "ingest-study"
    case preprocessVolume = "preprocess-volume"
    case trainModel = "train-model"
    case segmentVolume = "segment-volume"
    case evaluateSegmentation = "evaluate-segmentation"
    /// Joins the cases of an evaluation.
    case summarizeEvaluation = "summarize-evaluation"
    case compareEvaluations = "compare-evaluations"
    /// Sends a label map to an archive as a DICOM segmentation. Of the stage ingestion: the one that knows the hospital's archives.
    case deliverSegmentation = "deliver-segmentation"
    /// Does nothing, or what its parameters script; for benchmarks and the kill test.
    case rehearsal

    package var stage: Stage {
        switch self {
        case .retrieveStudy, .ingestStudy, .deliverSegmentation: .ingestion
        case .preprocessVolume: .preprocessing
        case .trainModel: .training
        case .segmentVolume: .inference
        case .evaluateSegmentation, .summarizeEvaluation, .compareEvaluations, .rehearsal: .evaluation
        }
    }
}
