/// What a job does: names the handler that runs it. Each kind belongs to one stage.
package enum JobKind: SharedWord {
    /// Fetches a study from an archive.
    case retrieveStudy
    case ingestStudy
    case preprocessVolume
    case trainModel
    case segmentVolume
    case evaluateSegmentation
    /// Joins the cases of an evaluation.
    case summarizeEvaluation
    case compareEvaluations
    /// Sends a label map to an archive as a DICOM segmentation. Of the stage ingestion: the one that knows the
    /// hospital's archives.
    case deliverSegmentation
    /// Does nothing, or what its parameters script; for benchmarks and the kill test.
    case rehearsal
    /// No job of it can be asked for, and no worker of this program claims one.
    case unknown(String)

    package static let allCases: [Self] = [
        .retrieveStudy, .ingestStudy, .preprocessVolume, .trainModel, .segmentVolume, .evaluateSegmentation,
        .summarizeEvaluation,
        .compareEvaluations, .deliverSegmentation, .rehearsal,
    ]

    package var rawValue: String {
        switch self {
        case .retrieveStudy: "retrieve-study"
        case .ingestStudy: "ingest-study"
        case .preprocessVolume: "preprocess-volume"
        case .trainModel: "train-model"
        case .segmentVolume: "segment-volume"
        case .evaluateSegmentation: "evaluate-segmentation"
        case .summarizeEvaluation: "summarize-evaluation"
        case .compareEvaluations: "compare-evaluations"
        case .deliverSegmentation: "deliver-segmentation"
        case .rehearsal: "rehearsal"
        case .unknown(let word): word
        }
    }

    /// The kinds of a stage that this program knows.
    package static func known(of stage: Stage) -> [JobKind] { allCases.filter { $0.stage == stage } }

    package var stage: Stage {
        switch self {
        case .retrieveStudy, .ingestStudy, .deliverSegmentation: .ingestion
        case .preprocessVolume: .preprocessing
        case .trainModel: .training
        case .segmentVolume: .inference
        case .evaluateSegmentation, .summarizeEvaluation, .compareEvaluations, .rehearsal: .evaluation
        // Only the store knows: `JobRecord.stage`.
        case .unknown: .unknown("")
        }
    }
}
