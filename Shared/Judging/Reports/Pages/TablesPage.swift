import Metrics

/// Class by metric for each model, and models side by side for each metric.
struct TablesPage {
    let content: ReportContent

    func html() -> HTML {
        let models = content.report.models.indices.map { index in
            (value: "\(index)", title: content.report.models[index].name, isLeading: true, content: tables(index))
        }
        let sides = content.metrics.map { metric in
            (
                value: metric.rawValue, title: metric.headingWithUnit, isLeading: Metric.leading.contains(metric),
                content: sideBySide(metric)
            )
        }
        return Blocks.section(
            id: "tables", title: "Tables",
            """
            <p>Each cell: mean ± standard deviation over cases, below it the 95 % confidence interval of the mean and the number n of cases that have a value. \
            Colour: blue good, red bad, on a fixed scale per metric (<a href="#definitions">definitions</a>). Median, quartiles and bootstrap interval are in each \
            cell's hint and in summary.csv.</p>\
            \(content.report.models.count > 1 ? "<h3>Models side by side</h3>" + Blocks.choices("side", label: "Metric", sides) : .empty)\
            <h3>Class by metric</h3>\(Blocks.choices("model", label: "Model", models))
            """)
    }

    private func tables(_ index: Int) -> HTML {
        let name = content.report.models[index].name
        return MetricRow.Group.allCases.html { group in
            let metrics = content.metrics.filter { $0.row.group == group }
            guard !metrics.isEmpty else { return .empty }
            let heads = metrics.html { "<th scope=\"col\">\($0.headingWithUnit)</th>" }
            let body = content.rows.html { label in
                let cells = metrics.html { Blocks.cell(content.summaries[index][$0, label], $0) }
                return "<tr\(content.rowAttribute(label))>\(content.rowTitle(label))\(cells)</tr>"
            }
            return Blocks.table(
                caption: "<b>\(name)</b> · \(group.rawValue)", head: "<tr><th scope=\"col\">Class</th>\(heads)</tr>",
                body: body)
        }
    }

    private func sideBySide(_ metric: Metric) -> HTML {
        let heads = content.report.models.html { "<th scope=\"col\">\($0.name)</th>" }
        let body = content.rows.html { label in
            "<tr\(content.rowAttribute(label))>\(content.rowTitle(label))\(content.summaries.html { Blocks.cell($0[metric, label], metric) })</tr>"
        }
        return Blocks.table(
            caption: "<b>\(metric.headingWithUnit)</b> · \(metric.betterText) is better \(Blocks.scale(metric))",
            head: "<tr><th scope=\"col\">Class</th>\(heads)</tr>", body: body)
    }
}
