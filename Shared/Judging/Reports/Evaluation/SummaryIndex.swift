import CohortAnalysis
import Metrics
import Statistics

/// The summaries of a model by metric and class.
struct SummaryIndex {
    private struct Key: Hashable {
        var metric: Metric
        var label: UInt8?
    }

    private var descriptions: [Key: Description] = [:]
    /// Those with any value, in the order of `Metric`.
    let metrics: [Metric]

    init(_ summaries: [MetricSummary]) {
        for summary in summaries {
            descriptions[Key(metric: summary.metric, label: summary.label)] = summary.description
        }
        let measured = Set(summaries.filter { $0.description != nil }.map(\.metric))
        metrics = Metric.allCases.filter(measured.contains)
    }

    /// `label` nil: over classes.
    subscript(metric: Metric, label: UInt8?) -> Description? { descriptions[Key(metric: metric, label: label)] }
}
