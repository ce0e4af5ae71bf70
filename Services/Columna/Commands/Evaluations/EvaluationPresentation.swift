import Anatomy
import CohortAnalysis
import Console
import Documents
import Foundation
import JobEngine
import Metrics
import Operations
import Statistics
import Studies

/// Evaluations and comparisons on a terminal.
enum EvaluationPresentation {
    /// What the terminal shows; the database and the report have all of them.
    static let shown: [Metric] = [.dice, .iou, .sensitivity, .precision, .nsdAt1_5, .hausdorff95, .assd]

    static func table(_ runs: [EvaluationRun]) -> String {
        var table = TextTable(
            "evaluation", "model", "data set", "split", "state", ">cases", ">mean Dice", ">HD95 mm", "ordered")
        for run in runs {
            table.add(
                run.evaluation.description, "\(run.model)\(run.repairs ? ", repaired" : "")", run.dataSet,
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

    /// Nil where no truth lacks anything.
    static func text(_ truths: TruthNotes) -> String? {
        let notes = truths.notes
        guard !notes.isEmpty else { return nil }
        let lines =
            notes.prefix(10).map { "  \($0.name): \($0.note)" }
            + (notes.count > 10 ? ["  and \(notes.count - 10) more (--json has all)"] : [])
        return (["labels of the truth that counted as background:"] + lines).joined(separator: "\n")
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

    /// One table per metric, one row per class.
    static func text(_ result: PublishedResult) -> String {
        let metrics = result.rows.reduce(into: [String]()) { names, row in
            if names.last != row.metric { names.append(row.metric) }
        }
        let tables = metrics.map { metric in
            var table = TextTable(
                "class", ">n", ">\(result.a.name)", ">n", ">\(result.b.name)", ">difference", ">95 % CI", ">p Student",
                ">Holm", ">p Welch", ">Holm")
            for row in result.rows where row.metric == metric {
                table.add(
                    result.labelSet.name(of: row.label) ?? "\(row.label)", String(row.a.count), text(row.a),
                    String(row.b.count), text(row.b), Wording.ratio(row.a.mean - row.b.mean),
                    interval(row.student?.differenceInterval), p(row.student?.p), p(row.studentHolm), p(row.welch?.p),
                    p(row.welchHolm))
            }
            return (Metric(rawValue: metric)?.row.titleWithUnit ?? metric) + "\n" + table.text
        }
        return
            "\(result.a.name) − \(result.b.name): mean ± standard deviation; unpaired tests, as if of different cases\n\n"
            + tables.joined(separator: "\n\n")
    }

    private static func text(_ moments: Moments) -> String {
        Wording.ratio(moments.mean, digits: 3) + " ± " + Wording.ratio(moments.standardDeviation, digits: 3)
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
