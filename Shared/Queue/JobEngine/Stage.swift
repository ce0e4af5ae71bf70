/// The five kinds of workers; one job kind belongs to one stage.
package enum Stage: SharedWord {
    case ingestion, preprocessing, training, inference, evaluation
    case unknown(String)

    package static let allCases: [Self] = [.ingestion, .preprocessing, .training, .inference, .evaluation]

    package var rawValue: String {
        switch self {
        case .ingestion: "ingestion"
        case .preprocessing: "preprocessing"
        case .training: "training"
        case .inference: "inference"
        case .evaluation: "evaluation"
        case .unknown(let word): word
        }
    }
}
