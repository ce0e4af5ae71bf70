import Anatomy
import CohortAnalysis
import Metrics
import Statistics

/// The mean of one metric along the spine, one line per model, with 95 % intervals.
struct ClassProfile {
    let metric: Metric
    let models: [EvaluatedModel]
    let labels: [Label]

    private static let (left, right, top, bottom) = (46.0, 8.0, 10.0, 26.0)
    private static let (width, height) = (960.0, 250.0)

    func figure() -> HTML {
        let summaries = models.map { SummaryIndex($0.summaries) }
        let shown = labels.filter { label in summaries.contains { $0[metric, label.value]?.mean.isFinite == true } }
        let ends = shown.flatMap { label in
            summaries.compactMap { $0[metric, label.value] }.flatMap { [$0.mean, $0.tInterval?.lower ?? $0.mean] }
        }.filter(\.isFinite)
        guard let lowest = ends.min() else { return .empty }
        let axis = ValueAxis(low: max(0, min(lowest, 0.9)), high: 1)
        let slot = (Self.width - Self.left - Self.right) / Double(shown.count)
        func text(_ value: Double) -> String { NumberText.coordinate(value) }
        func y(_ value: Double) -> Double {
            Self.top + (1 - max(0, min(1, axis.share(value)))) * (Self.height - Self.top - Self.bottom)
        }
        func x(_ position: Int, _ model: Int) -> String {
            text(
                Self.left + slot * (Double(position) + 0.5) + (Double(model) - Double(models.count - 1) / 2)
                    * min(7, slot / 4))
        }
        var marks = axis.ticks.html { tick in
            SVG.path(class: "grid", "M\(Int(Self.left)) \(text(y(tick)))H\(Int(Self.width - Self.right))")
                + SVG.text(NumberText.fixed(tick, digits: axis.digits), class: "value", x: Self.left - 6, y: y(tick))
        }
        marks += shown.enumerated().map { $0 }.html { position, label in
            SVG.text(label.name, class: "tick", x: Self.left + slot * (Double(position) + 0.5), y: Self.height - 9)
        }
        for model in models.indices {
            let points = shown.enumerated().compactMap { position, label in
                summaries[model][metric, label.value].map { (position, $0) }
            }
            let line = points.enumerated().map { "\($0 == 0 ? "M" : "L")\(x($1.0, model)) \(text(y($1.1.mean)))" }
                .joined()
            let bars = points.compactMap { position, value in
                value.tInterval.map { "M\(x(position, model)) \(text(y($0.lower)))V\(text(y($0.upper)))" }
            }.joined()
            let dots = points.map { "M\(x($0, model)) \(text(y($1.mean)))h0" }.joined()
            let drawn = [("trend", line), ("line", bars), ("knots", dots)].html { SVG.path(class: $0.0, $0.1) }
            marks += "<g class=\"s\(model % 6)\">\(drawn)</g>"
        }
        return SVG.figure(
            "Mean \(metric.headingWithUnit) per class with 95 % intervals", width: Self.width, height: Self.height,
            marks)
    }
}
