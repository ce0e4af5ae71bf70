package import Metrics
package import Statistics
import Threads

/// Two models on the same cases, metric by metric.
package enum CohortComparison {
    /// Rows in the order of `Cohort.summaries`; differences are A minus B.
    ///
    /// - Cases are paired by name; a name that a cohort has twice makes no pair.
    /// - Values enter as they were measured. A class in truth that a model missed therefore counts with 0 for Dice,
    ///   IoU, sensitivity, boundary F1 and surface Dice, so that a model is not rewarded for what it did not find. What
    ///   is undefined for it, distances and precision, makes no pair, which `pairs` and the `n` of both sides show.
    /// - Over classes, a pair is the two means over the classes in truth that both models have a value for, while `a`
    ///   and `b` describe each model's own means, as its summary does: their difference need not be `meanDifference`.
    /// - Student's and Welch's tests compare `a` and `b` as if the cases were different ones, as the paper did. Paired
    ///   t-test, Wilcoxon and effect size use the pairs.
    /// - Holm's correction runs over the classes of one metric that have a test; the row over classes is not one of
    ///   them.
    ///
    /// The same cases give the same bits in any order and with any number of threads. Blocks while it computes on all
    /// cores.
    package static func compare(
        _ a: Cohort, _ b: Cohort, labels: [UInt8], metrics: [Metric] = Metric.allCases,
        bootstrap: Bootstrap? = Bootstrap()
    ) -> [MetricComparison] {
        let tables = (
            CohortTable(a, metrics: metrics, labels: labels), CohortTable(b, metrics: metrics, labels: labels)
        )
        let pairing = CasePairing(a, b)
        let wanted = Set(labels)
        let rows = ComputePool.shared.map(CohortRow.all(metrics: metrics, labels: labels)) { row in
            let (first, second) = (tables.0[row], tables.1[row])
            let pairs: [(Double, Double)] = pairing.indices.compactMap { pair in
                guard row.label == nil else {
                    guard let x = first[pair.a], let y = second[pair.b] else { return nil }
                    return (x, y)
                }
                return EvaluatedCase.meansOverClasses(a.cases[pair.a], b.cases[pair.b], of: row.metric, labels: wanted)
            }
            return comparison(row, first.compactMap { $0 }, second.compactMap { $0 }, pairs, bootstrap)
        }
        let group = labels.count + 1
        return stride(from: 0, to: rows.count, by: group).flatMap { corrected(Array(rows[$0..<$0 + group])) }
    }

    private static func comparison(
        _ row: CohortRow, _ a: [Double], _ b: [Double], _ pairs: [(Double, Double)], _ bootstrap: Bootstrap?
    ) -> MetricComparison {
        let paired = PairedSample(pairs)
        return MetricComparison(
            metric: row.metric, label: row.label, a: Description(of: a, bootstrap: bootstrap),
            b: Description(of: b, bootstrap: bootstrap),
            pairs: paired?.count ?? 0, meanDifference: paired?.meanDifference, student: .student(a, b),
            welch: .welch(a, b),
            paired: paired?.tTest, wilcoxon: paired?.wilcoxon, pairedHolm: nil, wilcoxonHolm: nil,
            effectSize: paired?.effectSize)
    }

    /// The rows of one metric with Holm's corrections.
    private static func corrected(_ rows: [MetricComparison]) -> [MetricComparison] {
        let paired = Holm.adjusted(rows.map { $0.label == nil ? nil : $0.paired?.p })
        let wilcoxon = Holm.adjusted(rows.map { $0.label == nil ? nil : $0.wilcoxon?.p })
        return rows.indices.map { index in
            var row = rows[index]
            (row.pairedHolm, row.wilcoxonHolm) = (paired[index], wilcoxon[index])
            return row
        }
    }
}
