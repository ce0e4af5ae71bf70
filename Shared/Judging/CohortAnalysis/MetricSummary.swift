package import Metrics
package import Statistics

/// One metric over the cases of an evaluation.
package struct MetricSummary: Sendable, Hashable, Codable {
    package var metric: Metric
    /// The class; nil: over classes, each case counting with the mean of its classes in truth.
    package var label: UInt8?
    /// Nil where no case has a value; cases without a value are left out, which its `n` shows.
    package var description: Description?

    package init(metric: Metric, label: UInt8?, description: Description?) {
        self.metric = metric
        self.label = label
        self.description = description
    }
}
