package import CohortAnalysis

/// Two models of a report over the cases they share.
package struct ModelComparison: Sendable {
    /// The name of the model that differences are counted from: A − B.
    package var a: String
    package var b: String
    package var rows: [MetricComparison]

    package init(a: String, b: String, rows: [MetricComparison]) {
        self.a = a
        self.b = b
        self.rows = rows
    }
}
