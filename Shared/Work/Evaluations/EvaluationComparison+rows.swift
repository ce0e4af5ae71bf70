package import Anatomy
package import CohortAnalysis
import Documents
import JobEngine
import Metrics
import Statistics
package import Studies

extension EvaluationComparison {
    /// The rows of two cohorts' comparison. Blocks while it computes on all cores.
    package init(_ comparison: ComparisonID, _ a: Cohort, _ b: Cohort, labelSet: LabelSet) throws {
        let names = LabelNames(labelSet)
        let rows = CohortComparison.compare(a, b, labels: labelSet.labels.map(\.value)).map { ComparisonRow($0, names) }
        self.init(comparison: comparison, rowsJSON: try CanonicalJSON.string(rows))
    }
}

/// The properties are the columns' names.
private struct ComparisonRow: Encodable {
    var metric: String
    var class_value: Int?
    var class_name: String?
    var a_n: Int
    var a_mean: Double?
    var a_standard_deviation: Double?
    var b_n: Int
    var b_mean: Double?
    var b_standard_deviation: Double?
    var pairs: Int
    var mean_difference: Double?
    var effect_size: Double?
    var student_t: Double?
    var student_p: Double?
    var student_lower: Double?
    var student_upper: Double?
    var welch_t: Double?
    var welch_degrees_of_freedom: Double?
    var welch_p: Double?
    var welch_lower: Double?
    var welch_upper: Double?
    var paired_t: Double?
    var paired_p: Double?
    var paired_p_holm: Double?
    var paired_lower: Double?
    var paired_upper: Double?
    var wilcoxon_w: Double?
    var wilcoxon_p: Double?
    var wilcoxon_p_holm: Double?

    init(_ row: MetricComparison, _ names: LabelNames) {
        metric = row.metric.rawValue
        class_value = row.label.map(Int.init)
        class_name = names[row.label]
        a_n = row.a?.n ?? 0
        a_mean = row.a?.mean
        a_standard_deviation = row.a?.standardDeviation
        b_n = row.b?.n ?? 0
        b_mean = row.b?.mean
        b_standard_deviation = row.b?.standardDeviation
        pairs = row.pairs
        mean_difference = row.meanDifference
        effect_size = row.effectSize
        student_t = row.student?.statistic
        student_p = row.student?.p
        student_lower = row.student?.differenceInterval?.lower
        student_upper = row.student?.differenceInterval?.upper
        welch_t = row.welch?.statistic
        welch_degrees_of_freedom = row.welch?.degreesOfFreedom
        welch_p = row.welch?.p
        welch_lower = row.welch?.differenceInterval?.lower
        welch_upper = row.welch?.differenceInterval?.upper
        paired_t = row.paired?.statistic
        paired_p = row.paired?.p
        paired_p_holm = row.pairedHolm
        paired_lower = row.paired?.differenceInterval?.lower
        paired_upper = row.paired?.differenceInterval?.upper
        wilcoxon_w = row.wilcoxon?.statistic
        wilcoxon_p = row.wilcoxon?.p
        wilcoxon_p_holm = row.wilcoxonHolm
    }
}
