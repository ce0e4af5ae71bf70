/// The five kinds of workers; one job kind belongs to one stage.
package enum Stage: String, Sendable, Codable, CaseIterable {
    case ingestion, preprocessing, training, inference, evaluation
}
