import Metrics
import Statistics

/// Pieces that several pages are built of.
enum Blocks {
    /// One page of the report; the script shows one at a time.
    static func section(id: String, title: String, _ content: HTML) -> HTML {
        "<section id=\"\(id)\" aria-labelledby=\"\(id)-title\"><h2 id=\"\(id)-title\" tabindex=\"-1\">\(title)</h2>\(content)</section>\n"
    }

    /// A table that scrolls by itself where it is wider than the page.
    static func table(caption: HTML, head: HTML, body: HTML, class style: String = "") -> HTML {
        """
        <div class="scroll" tabindex="0"><table class="\(style)"><caption>\(caption)</caption><thead>\(head)</thead><tbody>\(body)</tbody></table></div>

        """
    }

    /// Of several blocks, a list chooses which is shown; `leading` ones are printed too.
    static func choices(
        _ group: String, label: String, _ options: [(value: String, title: String, isLeading: Bool, content: HTML)]
    ) -> HTML {
        guard !options.isEmpty else { return .empty }
        let list = options.html { "<option value=\"\($0.value)\">\($0.title)</option>" }
        let blocks = options.html { option in
            let style = option.isLeading ? "choice leading" : "choice"
            return
                "<div class=\"\(style)\" data-group=\"\(group)\" data-value=\"\(option.value)\">\(option.content)</div>"
        }
        return
            "<p class=\"controls\"><label>\(label) <select data-chooses=\"\(group)\">\(list)</select></label></p>\(blocks)"
    }

    /// Mean, deviation, interval and number of one metric, coloured by the mean.
    static func cell(_ description: Description?, _ metric: Metric) -> HTML {
        guard let description else { return "<td class=\"none\">–</td>" }
        let digits = metric.row.digits
        func text(_ value: Double?) -> String { NumberText.fixed(value, digits: digits) }
        let step = ColourScale.step(of: description.mean, metric).map { "q\($0)" } ?? "none"
        return """
            <td class="\(step)" title="\(details(description, digits))">\
            <b>\(text(description.mean))</b>\(deviation(description.standardDeviation, digits))\
            <small>\(description.tInterval == nil ? "" : interval(description.tInterval, digits)) n \(description.n)</small></td>
            """
    }

    /// ` ± 0.021`; nothing for a single value.
    static func deviation(_ value: Double?, _ digits: Int) -> String {
        value.map { " ± \(NumberText.fixed($0, digits: digits))" } ?? ""
    }

    static func interval(_ interval: Interval?, _ digits: Int) -> String {
        interval.map {
            "[\(NumberText.fixed($0.lower, digits: digits)), \(NumberText.fixed($0.upper, digits: digits))]"
        } ?? "–"
    }

    private static func details(_ description: Description, _ digits: Int) -> String {
        func text(_ value: Double) -> String { NumberText.fixed(value, digits: digits) }
        return
            "median \(text(description.median)), quartiles \(text(description.lowerQuartile)) to \(text(description.upperQuartile)), "
            + "range \(text(description.minimum)) to \(text(description.maximum)), bootstrap 95 % \(interval(description.bootstrapInterval, digits))"
    }

    /// The colours from bad to good with the values they stand for.
    static func scale(_ metric: Metric) -> HTML {
        func text(_ value: Double) -> String {
            "\(NumberText.exact(value) ?? "–")\(metric.unit == .ratio ? "" : " \(metric.unit.rawValue)")"
        }
        let squares = (0...10).html { "<i class=\"q\($0)\"></i>" }
        return "<span class=\"ramp\">\(text(metric.row.worst)) \(squares) \(text(metric.row.scale.best))</span>"
    }

    /// The names of models beside their colours in figures.
    static func legend(_ models: [EvaluatedModel]) -> HTML {
        let entries = models.enumerated().map { $0 }.html { index, model in
            "<span class=\"s\(index % 6)\">\(SVG.swatch(shape: "<circle class=\"knob\" cx=\"7\" cy=\"7\" r=\"5\"/>"))\(model.name)</span>"
        }
        return "<p class=\"legend\">\(entries)</p>"
    }
}
