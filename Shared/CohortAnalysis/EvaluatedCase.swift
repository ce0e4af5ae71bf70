package import Metrics

/// A case as it enters the statistics.
package struct EvaluatedCase: Sendable, Hashable, Codable {
    /// Pseudonym; cases of two models with one name are a pair.
    package var name: String
    package var metrics: CaseMetrics

    package init(name: String, metrics: CaseMetrics) {
        self.name = name
        self.metrics = metrics
    }
}
