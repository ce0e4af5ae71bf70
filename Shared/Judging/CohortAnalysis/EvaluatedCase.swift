package import Metrics

/// A case as it enters the statistics.
package struct EvaluatedCase: Sendable, Hashable {
    /// Pseudonym.
    package var name: String
    /// What was measured, as its bytes' addresses; cases of two models with one name and one source are a pair.
    package var source: String
    package var metrics: CaseMetrics

    package init(name: String, source: String = "", metrics: CaseMetrics) {
        self.name = name
        self.source = source
        self.metrics = metrics
    }
}
