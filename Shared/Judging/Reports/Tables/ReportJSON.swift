import Anatomy
import CohortAnalysis
import Foundation
import Metrics
import Statistics

/// The whole report as JSON. Members are named as in SQL and CSV; undefined values are null.
struct ReportJSON {
    let content: ReportContent

    var opening: [(String, JSONText)] {
        let report = content.report
        return [
            ("format", .string("columna-evaluation-report")), ("version", .integer(1)),
            ("title", .string(report.title)),
            ("created_at", JSONText(report.createdAt?.formatted(.iso8601))),
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

    private func metric(_ metric: Metric) -> JSONText {
        .object([
            ("name", .string(metric.rawValue)), ("title", .string(metric.presentation.title)),
            ("unit", .string(metric.unit.rawValue)),
            ("better", .string(metric.betterText)), ("definition", .string(metric.presentation.definition)),
        ])
    }

    func model(_ model: EvaluatedModel) -> JSONText {
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

    private func badCase(_ bad: BadCase) -> JSONText {
        .object([
            ("case", .string(bad.name)), ("dice", JSONText(bad.dice)),
            ("worst_label", JSONText(bad.worstLabel.map { Int($0) })),
            (
                "reasons",
                .array(
                    bad.reasons.map {
                        .object([
                            ("cause", .string($0.cause.rawValue)), ("label", JSONText($0.label.map { Int($0) })),
                            ("text", .string($0.text)),
                        ])
                    })
            ),
        ])
    }

    private func evaluated(_ entry: EvaluatedCase) -> JSONText {
        let (metrics, found) = (entry.metrics, entry.metrics.identification)
        return .object([
            ("case", .string(entry.name)), ("accuracy", JSONText(metrics.accuracy)), ("kappa", JSONText(metrics.kappa)),
            ("identification_rate", JSONText(found.identificationRate)),
            ("detection_precision", JSONText(found.detectionPrecision)),
            ("detection_recall", JSONText(found.detectionRecall)), ("label_shift", JSONText(found.labelShift)),
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

    private func measured(_ measured: ClassMetrics) -> JSONText {
        .object(
            [
                ("in_truth", .flag(measured.inTruth)), ("in_prediction", .flag(measured.inPrediction)),
                ("tp", .integer(measured.truePositives)),
                ("fp", .integer(measured.falsePositives)), ("fn", .integer(measured.falseNegatives)),
                ("tn", .integer(measured.trueNegatives)),
                ("truth_ml", JSONText(measured.truthVolumeInMillilitres)),
                ("predicted_ml", JSONText(measured.predictedVolumeInMillilitres)),
                ("touches_border", .flag(measured.touchesBorder)),
            ] + Metric.allCases.map { ($0.rawValue, JSONText(measured[$0])) })
    }

    func comparison(_ comparison: ModelComparison) -> JSONText {
        .object([
            ("a", .string(comparison.a)), ("b", .string(comparison.b)), ("rows", .array(comparison.rows.map(row))),
        ])
    }

    private func row(_ row: MetricComparison) -> JSONText {
        .object(
            key(row.metric, row.label) + [
                ("a", description(row.a)), ("b", description(row.b)), ("pairs", .integer(row.pairs)),
                ("mean_difference", JSONText(row.meanDifference)),
                ("student", test(row.student)), ("welch", test(row.welch)), ("paired", test(row.paired)),
                ("wilcoxon", test(row.wilcoxon)),
                ("paired_p_holm", JSONText(row.pairedHolm)), ("wilcoxon_p_holm", JSONText(row.wilcoxonHolm)),
                ("effect_size_dz", JSONText(row.effectSize)),
            ])
    }

    private func key(_ metric: Metric, _ label: UInt8?) -> [(String, JSONText)] {
        [("metric", .string(metric.rawValue)), ("label", JSONText(label.map { Int($0) }))]
    }

    private func interval(_ interval: Interval?) -> JSONText {
        interval.map { .array([JSONText($0.lower), JSONText($0.upper)]) } ?? .null
    }

    private func description(_ description: Description?) -> JSONText {
        guard let description else { return .null }
        return .object([
            ("n", .integer(description.n)), ("mean", JSONText(description.mean)),
            ("sd", JSONText(description.standardDeviation)),
            ("ci95", interval(description.tInterval)), ("bootstrap95", interval(description.bootstrapInterval)),
            ("minimum", JSONText(description.minimum)),
            ("lower_quartile", JSONText(description.lowerQuartile)), ("median", JSONText(description.median)),
            ("upper_quartile", JSONText(description.upperQuartile)), ("maximum", JSONText(description.maximum)),
        ])
    }

    private func test(_ test: TestResult?) -> JSONText {
        guard let test else { return .null }
        return .object([
            ("statistic", JSONText(test.statistic)), ("df", JSONText(test.degreesOfFreedom)), ("p", JSONText(test.p)),
            ("difference_ci95", interval(test.differenceInterval)),
        ])
    }
}
