package import Anatomy
import Metrics
package import Statistics

/// One metric of a class, of two models of which means and deviations are known: the first (A) minus the second (B).
///
/// Which cases they were measured on is not: the tests are unpaired, as if they were different ones.
package struct PublishedComparison: Sendable, Hashable {
    package let metric: String
    package let label: UInt8
    package let a: Moments
    package let b: Moments
    /// Pooled variance, as papers do.
    package let student: TestResult?
    package let welch: TestResult?
    /// Holm's adjusted p over the classes of this metric that have a test.
    package private(set) var studentHolm: Double?
    package private(set) var welchHolm: Double?

    /// What both have, metric by metric in the order given, classes in the order of the label set.
    package static func compare(
        _ a: PublishedTable.Model, _ b: PublishedTable.Model, metrics: [String], labelSet: LabelSet = .spine25
    ) -> [PublishedComparison] {
        metrics.flatMap { metric in
            corrected(
                labelSet.labels.compactMap { label in
                    let place = PublishedTable.Place(metric: metric, label: label.value)
                    guard let first = a.figures[place], let second = b.figures[place] else { return nil }
                    return PublishedComparison(
                        metric: metric, label: label.value, a: first, b: second, student: .student(first, second),
                        welch: .welch(first, second))
                })
        }
    }

    private static func corrected(_ rows: [PublishedComparison]) -> [PublishedComparison] {
        let student = Holm.adjusted(rows.map { $0.student?.p })
        let welch = Holm.adjusted(rows.map { $0.welch?.p })
        return rows.indices.map { index in
            var row = rows[index]
            (row.studentHolm, row.welchHolm) = (student[index], welch[index])
            return row
        }
    }
}

extension PublishedTable.Model {
    /// What a paper would print of a cohort: a class enters with every case that has a value for it, and counts where
    /// two have.
    package init(name: String, summaries: [MetricSummary]) {
        var figures: [PublishedTable.Place: Moments] = [:]
        for summary in summaries {
            guard let label = summary.label, let values = summary.description,
                let deviation = values.standardDeviation
            else { continue }
            figures[PublishedTable.Place(metric: summary.metric.rawValue, label: label)] = Moments(
                count: values.n, mean: values.mean, standardDeviation: deviation)
        }
        self.init(name: name, figures: figures)
    }
}
