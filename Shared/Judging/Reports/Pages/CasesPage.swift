import CohortAnalysis
import Metrics

/// The worst cases with their reasons, and all cases at a glance.
struct CasesPage {
    let content: ReportContent

    func html() -> HTML {
        let worst = content.report.models.html(badCases)
        let maps = content.report.models.enumerated().map { index, model in
            (value: "\(index)", title: model.name, isLeading: true, content: map(model))
        }
        return Blocks.section(
            id: "cases", title: "Cases",
            "\(worst)<h3>All cases</h3>\(Blocks.choices("cases", label: "Model", maps))\(allCases)")
    }

    private func badCases(_ model: EvaluatedModel) -> HTML {
        guard !model.badCases.isEmpty else { return .empty }
        let rows = model.badCases.html { bad in
            let reasons = bad.reasons.html { "<li><span class=\"cause\">\($0.cause.title)</span> \($0.text)</li>" }
            let colour = ColourScale.attribute(ColourScale.step(of: bad.dice, .dice))
            return """
                <tr><th scope="row">\(content.link(bad.name, of: model.name))</th><td\(colour)><b>\(NumberText.fixed(bad.dice, digits: 3))</b></td>\
                <td>\(content.name(of: bad.worstLabel))</td><td class="reasons"><ul>\(reasons)</ul></td></tr>
                """
        }
        return Blocks.table(
            caption:
                "<b>\(model.name)</b> · the \(model.badCases.count) worst cases and why; names with a link have a page with pictures",
            head: """
                <tr><th scope="col">Case</th><th scope="col">Mean Dice</th><th scope="col">Worst class</th><th scope="col" class="text">Reasons</th></tr>
                """,
            body: rows, class: "bad")
    }

    private func map(_ model: EvaluatedModel) -> HTML {
        """
        <h4>\(model.name): Dice of every case and class</h4>\(CaseHeatMap(model: model, labels: content.labels).figure())\
        <p class="note">One row per case in the order of the table below. \(Blocks.scale(.dice)) White: class in neither truth nor prediction.</p>
        """
    }

    /// One line per case: mean Dice, HD95 and identification of each model.
    private var allCases: HTML {
        let models = content.report.models
        let names = Set(models.flatMap { $0.cohort.cases.map(\.name) }).sorted()
        let byName = models.map {
            Dictionary($0.cohort.cases.map { ($0.name, $0.metrics) }, uniquingKeysWith: { first, _ in first })
        }
        let upper = models.html { "<th scope=\"colgroup\" colspan=\"4\">\($0.name)</th>" }
        let lower = models.html { _ in
            ["Dice", "HD95 (mm)", "identified", "shift"].html { "<th scope=\"col\">\($0)</th>" }
        }
        let rows = names.html { name in
            let links = models.map { content.link(name, of: $0.name) }
            let linked = links.first { $0 != HTML(text: name) } ?? HTML(text: name)
            return "<tr><th scope=\"row\">\(linked)</th>\(byName.html { cells($0[name]) })</tr>"
        }
        return Blocks.table(
            caption: "Mean over the classes in truth",
            head: "<tr><th scope=\"col\" rowspan=\"2\">Case</th>\(upper)</tr><tr>\(lower)</tr>", body: rows,
            class: "all-cases")
    }

    private func cells(_ metrics: CaseMetrics?) -> HTML {
        guard let metrics else { return "<td>–</td><td>–</td><td>–</td><td>–</td>" }
        let values = [Metric.dice, .hausdorff95].html { metric in
            let mean = metrics.mean(metric)
            let colour = ColourScale.attribute(ColourScale.step(of: mean, metric))
            return "<td\(colour)>\(NumberText.fixed(mean, digits: metric.row.digits))</td>"
        }
        let rate = metrics.identification.identificationRate.map { "\(NumberText.fixed($0 * 100, digits: 0)) %" } ?? "–"
        let shift = metrics.identification.labelShift.map { NumberText.signed(Double($0), digits: 0) } ?? "–"
        return "\(values)<td>\(rate)</td><td>\(shift)</td>"
    }
}

extension CaseMetrics {
    /// The mean over the classes in truth that have a value.
    func mean(_ metric: Metric) -> Double? {
        let values = classes.filter(\.inTruth).compactMap { $0[metric] }.filter(\.isFinite)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}

extension BadCase.Cause {
    var title: String {
        switch self {
        case .missed: "missed"
        case .shiftedLabel: "shifted label"
        case .leakage: "leakage"
        case .truncatedFieldOfView: "cut by the field of view"
        case .spurious: "spurious"
        case .inaccurateBorder: "inaccurate border"
        }
    }
}
