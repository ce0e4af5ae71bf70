import Anatomy
import CohortAnalysis
import Documents
import Foundation
import Metrics
import Statistics

/// The whole report as JSON. Members are named as in SQL and CSV; undefined values are null.
struct ReportJSON {
    let content: ReportContent

    var opening: [(key: String, value: JSONValue)] {
        let report = content.report
        return [
            ("format", .string("columna-evaluation-report")), ("version", .integer(1)),
            ("title", .string(report.title)),
            ("created_at", JSONValue(report.createdAt?.formatted(.iso8601))),
            ("label_set", .string(report.labelSet.name)),
            (
                "classes",
                .array(
                    report.labelSet.labels.map {
                        .object([("label", .integer(Int($0.value))), ("name", .string($0.name))])
                    })
            ),
            ("metrics", .array(Metric.allCases.map(metric))),
        ]
    }

    private func metric(_ metric: Metric) -> JSONValue {
        .object([
            ("name", .string(metric.rawValue)), ("title", .string(metric.row.heading)),
            ("unit", .string(metric.unit.rawValue)),
            ("better", .string(metric.betterText)), ("definition", .string(metric.row.definition)),
        ])
    }

    func model(_ model: EvaluatedModel) -> JSONValue {
        .object([
            ("name", .string(model.name)),
            ("facts", .array(model.facts.map { .object([("name", .string($0.name)), ("value", .string($0.value))]) })),
            (
                "summaries",
                .array(
                    model.summaries.map { summary in
                        .object(
                            key(summary.metric, summary.label) + [("description", description(summary.description))])
                    })
            ),
            ("bad_cases", .array(model.badCases.map(badCase))),
            ("cases", .array(model.cohort.cases.map(evaluated))),
        ])
    }

    private func badCase(_ bad: BadCase) -> JSONValue {
        .object([
            ("case", .string(bad.name)), ("dice", JSONValue(bad.dice)),
            ("worst_label", JSONValue(bad.worstLabel.map { Int($0) })),
            (
                "reasons",
                .array(
                    bad.reasons.map {
                        .object([
                            ("cause", .string($0.cause.rawValue)), ("label", JSONValue($0.label.map { Int($0) })),
                            ("text", .string($0.text)),
                        ])
                    })
            ),
        ])
    }

    private func evaluated(_ entry: EvaluatedCase) -> JSONValue {
        let (metrics, found) = (entry.metrics, entry.metrics.identification)
        return .object([
            ("case", .string(entry.name)), ("accuracy", JSONValue(metrics.accuracy)),
            ("kappa", JSONValue(metrics.kappa)),
            ("identification_rate", JSONValue(found.identificationRate)),
            ("detection_precision", JSONValue(found.detectionPrecision)),
            ("detection_recall", JSONValue(found.detectionRecall)), ("label_shift", JSONValue(found.labelShift)),
            ("classes", .object(metrics.classes.map { ("\($0.label)", self.measured($0)) })),
            (
                "confusion",
                .array(
                    metrics.confusion.map {
                        .array([.integer(Int($0.truth)), .integer(Int($0.prediction)), .integer($0.voxels)])
                    })
            ),
        ])
    }

    private func measured(_ measured: ClassMetrics) -> JSONValue {
        .object(
            [
                ("in_truth", .boolean(measured.inTruth)), ("in_prediction", .boolean(measured.inPrediction)),
                ("tp", .integer(measured.truePositives)),
                ("fp", .integer(measured.falsePositives)), ("fn", .integer(measured.falseNegatives)),
                ("tn", .integer(measured.trueNegatives)),
                ("truth_ml", JSONValue(measured.truthVolumeInMillilitres)),
                ("predicted_ml", JSONValue(measured.predictedVolumeInMillilitres)),
                ("touches_border", .boolean(measured.touchesBorder)),
            ] + Metric.allCases.map { ($0.rawValue, JSONValue(measured[$0])) })
    }

    func comparison(_ comparison: ModelComparison) -> JSONValue {
        .object([
            ("a", .string(comparison.a)), ("b", .string(comparison.b)), ("rows", .array(comparison.rows.map(row))),
        ])
    }

    private func row(_ row: MetricComparison) -> JSONValue {
        .object(
            key(row.metric, row.label) + [
                ("a", description(row.a)), ("b", description(row.b)), ("pairs", .integer(row.pairs)),
                ("mean_difference", JSONValue(row.meanDifference)),
                ("student", test(row.student)), ("welch", test(row.welch)), ("paired", test(row.paired)),
                ("wilcoxon", test(row.wilcoxon)),
                ("paired_p_holm", JSONValue(row.pairedHolm)), ("wilcoxon_p_holm", JSONValue(row.wilcoxonHolm)),
                ("effect_size_dz", JSONValue(row.effectSize)),
            ])
    }

    private func key(_ metric: Metric, _ label: UInt8?) -> [(key: String, value: JSONValue)] {
        [("metric", .string(metric.rawValue)), ("label", JSONValue(label.map { Int($0) }))]
    }

    private func interval(_ interval: Interval?) -> JSONValue {
        interval.map { .array([JSONValue($0.lower), JSONValue($0.upper)]) } ?? .null
    }

    private func description(_ description: Description?) -> JSONValue {
        guard let description else { return .null }
        return .object([
            ("n", .integer(description.n)), ("mean", JSONValue(description.mean)),
            ("sd", JSONValue(description.standardDeviation)),
            ("ci95", interval(description.tInterval)), ("bootstrap95", interval(description.bootstrapInterval)),
            ("minimum", JSONValue(description.minimum)),
            ("lower_quartile", JSONValue(description.lowerQuartile)), ("median", JSONValue(description.median)),
            ("upper_quartile", JSONValue(description.upperQuartile)), ("maximum", JSONValue(description.maximum)),
        ])
    }

    private func test(_ test: TestResult?) -> JSONValue {
        guard let test else { return .null }
        return .object([
            ("statistic", JSONValue(test.statistic)), ("df", JSONValue(test.degreesOfFreedom)),
            ("p", JSONValue(test.p)),
            ("difference_ci95", interval(test.differenceInterval)),
        ])
    }
}
