import Metrics

/// The values of all metrics and classes of a cohort, looked up once: by metric and class, one entry per case.
struct CohortTable: Sendable {
    private let values: [Metric: [UInt8: [Double?]]]
    private let means: [Metric: [Double?]]

    init(_ cohort: Cohort, metrics: [Metric], labels: [UInt8]) {
        var values: [Metric: [UInt8: [Double?]]] = [:]
        var means: [Metric: [Double?]] = [:]
        let wanted = Set(labels)
        let classes = cohort.cases.map { evaluated in
            Dictionary(evaluated.metrics.classes.map { ($0.label, $0) }, uniquingKeysWith: { first, _ in first })
        }
        for metric in Set(metrics) {
            for label in wanted { values[metric, default: [:]][label] = classes.map { $0[label]?[metric] } }
            means[metric] = cohort.cases.map { $0.meanOverClasses(of: metric, labels: wanted) }
        }
        (self.values, self.means) = (values, means)
    }

    /// One entry per case, in the cohort's order.
    subscript(row: CohortRow) -> [Double?] {
        (row.label.map { values[row.metric]?[$0] } ?? means[row.metric]) ?? []
    }
}
