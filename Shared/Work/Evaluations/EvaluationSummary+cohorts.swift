package import Anatomy
package import CohortAnalysis
import Documents
import JobEngine
import Metrics
import Statistics
package import Studies

extension EvaluationSummary {
    /// How many of the worst cases are listed.
    package static let listedBadCases = 10

    /// The rows of every variant's cohort. Blocks while it computes on all cores.
    package init(_ evaluation: EvaluationID, _ cohorts: [(MeasuredCase.Variant, Cohort)], labelSet: LabelSet) throws {
        let names = LabelNames(labelSet)
        var (summaries, badCases, reasons): ([SummaryRow], [BadCaseRow], [ReasonRow]) = ([], [], [])
        for (variant, cohort) in cohorts {
            summaries += cohort.summaries(labels: labelSet.labels.map(\.value)).map { SummaryRow($0, variant, names) }
            for (index, bad) in BadCases.worst(in: cohort, count: Self.listedBadCases, labelSet: labelSet).enumerated()
            {
                badCases.append(
                    BadCaseRow(
                        variant: variant, rank: index + 1, case_name: bad.name, mean_dice: bad.dice,
                        worst_class: bad.worstLabel.map(Int.init)))
                reasons += bad.reasons.enumerated().map { position, reason in
                    ReasonRow(
                        variant: variant, rank: index + 1, position: position + 1, cause: reason.cause.rawValue,
                        class_value: reason.label.map(Int.init), explanation: reason.text)
                }
            }
        }
        self.init(
            evaluation: evaluation, summariesJSON: try CanonicalJSON.string(summaries),
            badCasesJSON: try CanonicalJSON.string(badCases),
            reasonsJSON: try CanonicalJSON.string(reasons))
    }
}

/// Names of classes by value.
struct LabelNames {
    private let names: [UInt8: String]

    init(_ labelSet: LabelSet) { names = Dictionary(uniqueKeysWithValues: labelSet.labels.map { ($0.value, $0.name) }) }

    subscript(label: UInt8?) -> String? { label.flatMap { names[$0] } }
}

// The properties are the columns' names.

private struct SummaryRow: Encodable {
    var variant: MeasuredCase.Variant
    var metric: String
    var class_value: Int?
    var class_name: String?
    var n: Int
    var mean: Double?
    var standard_deviation: Double?
    var minimum: Double?
    var lower_quartile: Double?
    var median: Double?
    var upper_quartile: Double?
    var maximum: Double?
    var t_lower: Double?
    var t_upper: Double?
    var bootstrap_lower: Double?
    var bootstrap_upper: Double?

    init(_ summary: MetricSummary, _ variant: MeasuredCase.Variant, _ names: LabelNames) {
        let values = summary.description
        self.variant = variant
        metric = summary.metric.rawValue
        class_value = summary.label.map(Int.init)
        class_name = names[summary.label]
        n = values?.n ?? 0
        mean = values?.mean
        standard_deviation = values?.standardDeviation
        minimum = values?.minimum
        lower_quartile = values?.lowerQuartile
        median = values?.median
        upper_quartile = values?.upperQuartile
        maximum = values?.maximum
        t_lower = values?.tInterval?.lower
        t_upper = values?.tInterval?.upper
        bootstrap_lower = values?.bootstrapInterval?.lower
        bootstrap_upper = values?.bootstrapInterval?.upper
    }
}

private struct BadCaseRow: Encodable {
    var variant: MeasuredCase.Variant
    var rank: Int
    var case_name: String
    var mean_dice: Double?
    var worst_class: Int?
}

private struct ReasonRow: Encodable {
    var variant: MeasuredCase.Variant
    var rank: Int
    var position: Int
    var cause: String
    var class_value: Int?
    var explanation: String
}
