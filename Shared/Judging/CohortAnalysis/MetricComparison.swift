package import Metrics
package import Statistics

/// One metric of two models, the first (A) minus the second (B).
package struct MetricComparison: Sendable, Hashable, Codable {
    package var metric: Metric
    /// As in `MetricSummary`.
    package var label: UInt8?
    package var a: Description?
    package var b: Description?
    /// Cases that both models have a value for.
    package var pairs: Int
    /// Over the pairs; nil without any.
    package var meanDifference: Double?
    /// Unpaired, as the paper did: pooled variance, and Welch's.
    package var student: TestResult?
    package var welch: TestResult?
    package var paired: TestResult?
    package var wilcoxon: TestResult?
    /// Holm's adjusted p over the classes of this metric, of the paired t-test and of Wilcoxon's; nil over classes.
    package var pairedHolm: Double?
    package var wilcoxonHolm: Double?
    /// Cohen's d of the pairs: mean of the differences / their standard deviation.
    package var effectSize: Double?

    package init(
        metric: Metric, label: UInt8?, a: Description?, b: Description?, pairs: Int, meanDifference: Double?,
        student: TestResult?,
        welch: TestResult?, paired: TestResult?, wilcoxon: TestResult?, pairedHolm: Double?, wilcoxonHolm: Double?,
        effectSize: Double?
    ) {
        self.metric = metric
        self.label = label
        self.a = a
        self.b = b
        self.pairs = pairs
        self.meanDifference = meanDifference
        self.student = student
        self.welch = welch
        self.paired = paired
        self.wilcoxon = wilcoxon
        self.pairedHolm = pairedHolm
        self.wilcoxonHolm = wilcoxonHolm
        self.effectSize = effectSize
    }
}
