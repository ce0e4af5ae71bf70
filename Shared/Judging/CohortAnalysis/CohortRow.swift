import Metrics

/// Which metric and class a row of a summary or comparison is about.
struct CohortRow: Sendable {
    var metric: Metric
    /// Nil: over classes.
    var label: UInt8?

    /// For every metric in the given order: the classes in the given order, then the row over them.
    static func all(metrics: [Metric], labels: [UInt8]) -> [CohortRow] {
        metrics.flatMap { metric in
            labels.map { CohortRow(metric: metric, label: $0) } + [CohortRow(metric: metric, label: nil)]
        }
    }
}
