import Anatomy
import CohortAnalysis
import Console
import Documents
import Foundation
import JobEngine
import Metrics
import Statistics
import Studies

/// Evaluations and comparisons on a terminal and as JSON.
enum EvaluationPresentation {
    /// What the terminal shows; the database and the report have all of them.
    static let shown: [Metric] = [.dice, .iou, .sensitivity, .precision, .nsdAt1_5, .hausdorff95, .assd]

    static func json(_ run: EvaluationRun) -> JSONValue {
        [
            "evaluation": JSONValue(run.evaluation), "state": JSONValue(run.state.rawValue),
            "model": JSONValue(run.model),
            "data_set": JSONValue(run.dataSet), "split": JSONValue(run.split), "snapshot": JSONValue(run.snapshot),
            "code_version": JSONValue(run.codeVersion), "repairs": JSONValue(run.repairs),
            "cases": JSONValue(run.cases),
            "measured": JSONValue(run.measured), "failed": JSONValue(run.failed), "mean_dice": JSONValue(run.meanDice),
            "mean_hausdorff95": JSONValue(run.meanHausdorff95),
        ]
    }

    static func table(_ runs: [EvaluationRun]) -> String {
        var table = TextTable(
            "evaluation", "model", "data set", "split", "state", ">cases", ">mean Dice", ">HD95 mm", "ordered")
        for run in runs {
            table.add(
                run.evaluation.uuidString.lowercased(), run.model + (run.repairs ? ", repaired" : ""), run.dataSet,
                run.split,
                run.state.rawValue + (run.failed > 0 ? ", \(run.failed) failed" : ""), "\(run.measured)/\(run.cases)",
                Wording.ratio(run.meanDice), Wording.ratio(run.meanHausdorff95, digits: 2), Wording.time(run.orderedAt))
        }
        return table.text
    }

    /// Mean ± standard deviation by class; classes that no case has are left out.
    static func table(_ cohort: Cohort, labelSet: LabelSet) -> String {
        let summaries = cohort.summaries(metrics: shown, labels: labelSet.labels.map(\.value), bootstrap: nil)
        let byLabel = Dictionary(grouping: summaries, by: \.label)
        var table = TextTable(["class", ">n"] + shown.map { ">" + $0.row.titleWithUnit } + [">95 % CI of Dice"])
        let rows: [(String, UInt8?)] = labelSet.labels.map { ($0.name, $0.value) } + [("over classes", nil)]
        for (name, label) in rows {
            let values = (byLabel[label] ?? []).map(\.description)
            guard let dice = values.first ?? nil else { continue }
            table.add([name, String(dice.n)] + values.map(text) + [interval(dice.tInterval)])
        }
        return table.text
    }

    static func text(_ bad: [BadCase], _ names: [UInt8: String]) -> String {
        var table = TextTable("worst cases", ">mean Dice", "worst class", "why")
        for one in bad {
            table.add(
                one.name, Wording.ratio(one.dice), one.worstLabel.flatMap { names[$0] } ?? "–",
                one.reasons.prefix(2).map(\.text).joined(separator: "; "))
        }
        return table.text
    }

    /// One row per class, of one metric.
    static func table(_ rows: [MetricComparison], of metric: Metric, _ labelSet: LabelSet, _ a: String, _ b: String)
        -> String
    {
        var table = TextTable(
            "class", ">pairs", ">\(a)", ">\(b)", ">difference", ">95 % CI", ">p paired t", ">Holm", ">p Wilcoxon",
            ">Holm", ">p Welch", ">d")
        for row in rows where row.metric == metric && (row.a != nil || row.b != nil) {
            table.add(
                row.label.flatMap { labelSet.name(of: $0) } ?? "over classes", String(row.pairs), text(row.a),
                text(row.b),
                Wording.ratio(row.meanDifference), interval(row.paired?.differenceInterval), p(row.paired?.p),
                p(row.pairedHolm),
                p(row.wilcoxon?.p), p(row.wilcoxonHolm), p(row.welch?.p), Wording.ratio(row.effectSize, digits: 2))
        }
        return table.text
    }

    private static func text(_ description: Description?) -> String {
        guard let description else { return "–" }
        return Wording.ratio(description.mean, digits: 3)
            + (description.standardDeviation.map { " ± " + Wording.ratio($0, digits: 3) } ?? "")
    }

    private static func interval(_ interval: Interval?) -> String {
        interval.map { Wording.ratio($0.lower, digits: 3) + " … " + Wording.ratio($0.upper, digits: 3) } ?? "–"
    }

    private static func p(_ value: Double?) -> String {
        guard let value else { return "–" }
        return value < 0.001 ? "< 0.001" : Wording.ratio(value, digits: 3)
    }
}

// MARK: JSON of statistics

extension EvaluationPresentation {
    static func json(_ summaries: [MetricSummary], _ labelSet: LabelSet) -> JSONValue {
        .array(
            summaries.map {
                [
                    "metric": JSONValue($0.metric.rawValue), "class": JSONValue($0.label.map(Int.init)),
                    "class_name": JSONValue($0.label.flatMap { labelSet.name(of: $0) }), "values": json($0.description),
                ]
            })
    }

    static func json(_ bad: [BadCase]) -> JSONValue {
        .array(
            bad.map { one in
                [
                    "case": JSONValue(one.name), "mean_dice": JSONValue(one.dice),
                    "worst_class": JSONValue(one.worstLabel.map(Int.init)),
                    "reasons": .array(
                        one.reasons.map {
                            [
                                "cause": JSONValue($0.cause.rawValue), "class": JSONValue($0.label.map(Int.init)),
                                "text": JSONValue($0.text),
                            ]
                        }),
                ]
            })
    }

    static func json(_ rows: [MetricComparison], _ labelSet: LabelSet) -> JSONValue {
        .array(
            rows.map {
                [
                    "metric": JSONValue($0.metric.rawValue), "class": JSONValue($0.label.map(Int.init)),
                    "class_name": JSONValue($0.label.flatMap { labelSet.name(of: $0) }), "a": json($0.a),
                    "b": json($0.b),
                    "pairs": JSONValue($0.pairs), "mean_difference": JSONValue($0.meanDifference),
                    "effect_size": JSONValue($0.effectSize),
                    "student": json($0.student), "welch": json($0.welch), "paired": json($0.paired),
                    "paired_p_holm": JSONValue($0.pairedHolm),
                    "wilcoxon": json($0.wilcoxon), "wilcoxon_p_holm": JSONValue($0.wilcoxonHolm),
                ]
            })
    }

    private static func json(_ description: Description?) -> JSONValue {
        guard let description else { return nil }
        return [
            "n": JSONValue(description.n), "mean": JSONValue(description.mean),
            "standard_deviation": JSONValue(description.standardDeviation),
            "minimum": JSONValue(description.minimum), "lower_quartile": JSONValue(description.lowerQuartile),
            "median": JSONValue(description.median), "upper_quartile": JSONValue(description.upperQuartile),
            "maximum": JSONValue(description.maximum), "t_interval": json(description.tInterval),
            "bootstrap_interval": json(description.bootstrapInterval),
        ]
    }

    private static func json(_ result: TestResult?) -> JSONValue {
        guard let result else { return nil }
        return [
            "statistic": JSONValue(result.statistic), "degrees_of_freedom": JSONValue(result.degreesOfFreedom),
            "p": JSONValue(result.p),
            "difference_interval": json(result.differenceInterval),
        ]
    }

    private static func json(_ interval: Interval?) -> JSONValue {
        interval.map { .array([JSONValue($0.lower), JSONValue($0.upper)]) } ?? nil
    }
}
