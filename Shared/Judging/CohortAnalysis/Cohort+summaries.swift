package import Metrics
package import Statistics
import Threads

extension Cohort {
    /// Every metric per class and over classes: for each metric in the given order, the classes in the given order,
    /// then the row over them (label nil), in which each case counts once with the mean over its classes in truth that
    /// have a value.
    ///
    /// A class enters with every case that has a value for it, which the empty-class policy of the evaluation decides:
    /// by the default one, a class that is missed or made up counts with Dice 0 and without distances, one in neither
    /// map does not count. The same cases give the same bits in any order and with any number of threads. Blocks while
    /// it computes on all cores.
    package func summaries(
        metrics: [Metric] = Metric.allCases, labels: [UInt8], bootstrap: Bootstrap? = Bootstrap()
    ) -> [MetricSummary] {
        let table = CohortTable(self, metrics: metrics, labels: labels)
        return ComputePool.shared.map(CohortRow.all(metrics: metrics, labels: labels)) { row in
            MetricSummary(
                metric: row.metric, label: row.label,
                description: Description(of: table[row].compactMap { $0 }, bootstrap: bootstrap))
        }
    }
}
