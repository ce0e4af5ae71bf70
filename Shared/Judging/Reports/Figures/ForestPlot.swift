import Anatomy
import CohortAnalysis
import Foundation
import Metrics
import Statistics

/// The mean difference A − B of one metric per class with its 95 % interval, and the line of no difference.
struct ForestPlot {
    let metric: Metric
    let rows: [MetricComparison]
    let names: (a: String, b: String)
    let labelSet: LabelSet

    private static let (left, right, top, bottom, step) = (92.0, 16.0, 26.0, 38.0, 18.0)
    private static let width = 620.0

    func figure() -> HTML {
        let shown = rows.filter { $0.meanDifference?.isFinite == true }
        guard !shown.isEmpty else { return .empty }
        let ends =
            shown.flatMap { row -> [Double] in
                [row.meanDifference, row.interval?.lower, row.interval?.upper].compactMap { $0 }
            } + [0]
        let axis = ValueAxis(low: ends.min() ?? 0, high: ends.max() ?? 0)
        let height = Self.top + Double(shown.count) * Self.step + Self.bottom
        func x(_ value: Double) -> String {
            NumberText.coordinate(Self.left + axis.share(value) * (Self.width - Self.left - Self.right))
        }
        var marks = axis.ticks.html { tick in
            """
            <path class="\(abs(tick) < axis.step / 2 ? "zero" : "grid")" d="M\(x(tick)) \(Int(Self.top))V\(Int(height - Self.bottom))"/>\
            <text class="tick" x="\(x(tick))" y="\(Int(height - Self.bottom + 14))">\(NumberText.fixed(tick, digits: axis.digits))</text>
            """
        }
        for (position, row) in shown.enumerated() {
            let middle = Self.top + (Double(position) + 0.5) * Self.step
            let y = NumberText.coordinate(middle)
            let isOverall = row.label == nil
            marks += SVG.text(
                row.className(labelSet), class: isOverall ? "value strong" : "value", x: Self.left - 8, y: middle)
            if let interval = row.interval {
                marks += SVG.path(class: "interval", "M\(x(interval.lower)) \(y)H\(x(interval.upper))")
            }
            let size = isOverall ? 5.5 : 3.5
            marks +=
                "<circle class=\"\(row.direction)\" cx=\"\(x(row.meanDifference ?? 0))\" cy=\"\(y)\" r=\"\(NumberText.coordinate(size))\"/>"
        }
        let sides =
            metric.isSigned
            ? ("", "") : metric.isBetterWhenHigher ? ("← B better", "A better →") : ("← A better", "B better →")
        marks +=
            SVG.text(sides.0, class: "side", x: Self.left, y: 14)
            + SVG.text(sides.1, class: "side end", x: Self.width - Self.right, y: 14)
        marks += SVG.text(
            "\(metric.headingWithUnit), A − B", class: "tick", x: (Self.left + Self.width - Self.right) / 2,
            y: height - 4
        )
        let label =
            "Mean difference of \(metric.headingWithUnit), \(names.a) minus \(names.b), with 95 % intervals, per class"
        return SVG.figure(label, class: "forest", width: Self.width, height: height, scrolls: false, marks)
    }
}
