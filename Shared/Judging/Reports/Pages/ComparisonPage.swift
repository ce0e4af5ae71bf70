import CohortAnalysis
import Metrics
import Statistics

/// Model against model: differences with intervals, tests and effect sizes.
struct ComparisonPage {
    let content: ReportContent

    func html() -> HTML {
        let pairs = content.comparisons.enumerated().map { index, comparison in
            (
                value: "\(index)", title: "\(comparison.a) − \(comparison.b)", isLeading: true,
                content: pair(index, comparison)
            )
        }
        return Blocks.section(
            id: "comparison", title: "Comparison of models",
            """
            <p>Differences are A − B over the cases both models have. Student and Welch treat the models as unpaired samples, as the published comparison did; the cases \
            are pairs, so the paired t-test and Wilcoxon's signed-rank test are the ones to go by. Holm: adjusted over the classes of the metric. \
            d<sub>z</sub>: mean difference / standard deviation of the differences. Colour: blue where A is better, red where B is, deepest at |d<sub>z</sub>| ≥ 0.8. \
            Bold: p &lt; 0.05.</p>\(Blocks.choices("pair", label: "Models", pairs))
            """)
    }

    private func pair(_ index: Int, _ comparison: ModelComparison) -> HTML {
        let byMetric = Dictionary(grouping: comparison.rows, by: \.metric)
        let options = Metric.allCases.compactMap {
            metric -> (value: String, title: String, isLeading: Bool, content: HTML)? in
            guard let rows = byMetric[metric], rows.contains(where: { $0.a != nil || $0.b != nil }) else { return nil }
            let ordered = content.rows.compactMap { label in rows.first { $0.label == label } }
            let forest = ForestPlot(
                metric: metric, rows: ordered, names: (comparison.a, comparison.b), labelSet: content.report.labelSet)
            return (
                metric.rawValue, metric.headingWithUnit, Metric.leading.contains(metric),
                table(metric, ordered, comparison) + forest.figure()
            )
        }
        return "<h3>A: \(comparison.a) · B: \(comparison.b)</h3>"
            + Blocks.choices("pair-\(index)", label: "Metric", options)
    }

    private func table(_ metric: Metric, _ rows: [MetricComparison], _ comparison: ModelComparison) -> HTML {
        let titles = [
            "Class", "A", "B", "A − B", "95 % CI", "pairs", "Student p", "Welch p", "paired t p", "Holm", "Wilcoxon p",
            "Holm", "dz",
        ]
        let head = titles.html { title in
            title == "dz" ? "<th scope=\"col\">d<sub>z</sub></th>" : "<th scope=\"col\">\(title)</th>"
        }
        let body = rows.html { "<tr\(content.rowAttribute($0.label))>\(content.rowTitle($0.label))\(cells($0))</tr>" }
        return Blocks.table(
            caption:
                "<b>\(metric.headingWithUnit)</b> · \(metric.betterText) is better · A: \(comparison.a), B: \(comparison.b)",
            head: "<tr>\(head)</tr>", body: body, class: "comparison")
    }

    private func cells(_ row: MetricComparison) -> HTML {
        let digits = row.metric.row.digits
        let tests = [row.student?.p, row.welch?.p, row.paired?.p, row.pairedHolm, row.wilcoxon?.p, row.wilcoxonHolm]
        func mean(_ mean: Double?, _ deviation: Double?) -> HTML {
            "<td>\(NumberText.fixed(mean, digits: digits))\(Blocks.deviation(deviation, digits))</td>"
        }
        return """
            \(mean(row.a?.mean, row.a?.standardDeviation))\(mean(row.b?.mean, row.b?.standardDeviation))\
            <td\(ColourScale.attribute(row.step))><b>\(NumberText.signed(row.meanDifference, digits: digits + 1))</b></td>\
            <td>\(Blocks.interval(row.interval, digits + 1))</td><td>\(row.pairs)</td>\(tests.html(p))\
            <td>\(NumberText.fixed(row.effectSize, digits: 2))</td>
            """
    }

    private func p(_ value: Double?) -> HTML {
        guard let value, value < 0.05 else { return "<td>\(NumberText.p(value))</td>" }
        return "<td><b>\(NumberText.p(value))</b></td>"
    }
}
