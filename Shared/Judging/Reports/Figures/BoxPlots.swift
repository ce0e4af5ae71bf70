import Anatomy
import CohortAnalysis
import Foundation
import Metrics
import Statistics

/// The distribution of one metric per class: for every model a box (quartiles, median), whiskers to the last value
/// within 1.5 times the box's height (Tukey), and every case as a point.
struct BoxPlots {
    let metric: Metric
    let models: [EvaluatedModel]
    let labels: [Label]

    private static let (left, right, top, bottom) = (46.0, 6.0, 14.0, 26.0)
    private static let height = 300.0

    /// One class's values of one model, sorted, with the figures of the box.
    private struct Box {
        var values: [Double]
        var lower: Double
        var median: Double
        var upper: Double
        var whiskers: (low: Double, high: Double)

        init(_ values: [Double], _ description: Description?) {
            let sorted = values.sorted()
            func quantile(_ share: Double) -> Double {
                let position = share * Double(sorted.count - 1)
                let below = Int(position)
                return sorted[below] + (sorted[min(below + 1, sorted.count - 1)] - sorted[below])
                    * (position - Double(below))
            }
            self.values = values
            let (lower, upper) = (
                description?.lowerQuartile ?? quantile(0.25), description?.upperQuartile ?? quantile(0.75)
            )
            median = description?.median ?? quantile(0.5)
            let reach = 1.5 * (upper - lower)
            whiskers = (sorted.first { $0 >= lower - reach } ?? lower, sorted.last { $0 <= upper + reach } ?? upper)
            (self.lower, self.upper) = (lower, upper)
        }
    }

    func figure() -> HTML {
        let boxes = models.map(self.boxes)
        let shown = labels.indices.filter { index in boxes.contains { $0[index] != nil } }
        let all = boxes.flatMap { $0.compactMap { $0 } }
        guard !all.isEmpty else { return "<p class=\"note\">No values.</p>" }
        let axis = axis(all)
        let slot = max(26, 14 * Double(models.count) + 10)
        let width = Self.left + slot * Double(shown.count) + Self.right
        var marks = frame(axis, width: width)
        for (position, index) in shown.enumerated() {
            let x = Self.left + slot * (Double(position) + 0.5)
            marks += SVG.text(short(labels[index].name), class: "tick", x: x, y: Self.height - 9)
            for model in models.indices {
                guard let box = boxes[model][index] else { continue }
                let centre = x + (Double(model) - Double(models.count - 1) / 2) * 14
                marks += "<g class=\"s\(model % 6)\">\(drawn(box, axis, centre))</g>"
            }
        }
        let label = "\(metric.headingWithUnit) per class: box plots of \(models.map(\.name).joined(separator: ", "))"
        return SVG.figure(label, width: width, height: Self.height, marks) + note(all, axis)
    }

    private func boxes(_ model: EvaluatedModel) -> [Box?] {
        let summaries = SummaryIndex(model.summaries)
        var values = [UInt8: [Double]]()
        for entry in model.cohort.cases {
            for measured in entry.metrics.classes {
                if let value = measured[metric], value.isFinite { values[measured.label, default: []].append(value) }
            }
        }
        return labels.map { label in values[label.value].map { Box($0, summaries[metric, label.value]) } }
    }

    /// Ratios end at 1. Outliers far beyond all whiskers do not squeeze what is within.
    private func axis(_ boxes: [Box]) -> ValueAxis {
        let lowest = boxes.compactMap { $0.values.min() }.min() ?? 0
        let highest = boxes.compactMap { $0.values.max() }.max() ?? 1
        let (low, high) = (boxes.map(\.whiskers.low).min() ?? lowest, boxes.map(\.whiskers.high).max() ?? highest)
        if metric.unit == .ratio { return ValueAxis(low: max(lowest, min(0.95, 1 - (1 - low) * 1.4)), high: 1) }
        return ValueAxis(low: metric.isSigned ? max(lowest, low * 1.4) : 0, high: min(highest, max(high * 1.4, 1e-3)))
    }

    private func y(_ value: Double, _ axis: ValueAxis) -> Double {
        Self.top + (1 - max(0, min(1, axis.share(value)))) * (Self.height - Self.top - Self.bottom)
    }

    private func frame(_ axis: ValueAxis, width: Double) -> HTML {
        axis.ticks.html { tick in
            let y = y(tick, axis)
            return SVG.path(
                class: "grid",
                "M\(Int(Self.left)) \(NumberText.coordinate(y))H\(NumberText.coordinate(width - Self.right))")
                + SVG.text(NumberText.fixed(tick, digits: axis.digits), class: "value", x: Self.left - 6, y: y)
        }
    }

    private func drawn(_ box: Box, _ axis: ValueAxis, _ x: Double) -> HTML {
        func c(_ value: Double) -> String { NumberText.coordinate(value) }
        let (upper, lower) = (y(box.upper, axis), y(box.lower, axis))
        // The same spread each time, without a random number: by the golden ratio, so that neighbours in order lie
        // apart.
        let points = box.values.enumerated().map { index, value in
            let spread = (Double(index + 1) * 0.6180339887498949).truncatingRemainder(dividingBy: 1) - 0.5
            return "M\(c(x + spread * 9)) \(c(y(value, axis)))h0"
        }.joined()
        return """
            <path class="dots" d="\(points)"/>\
            <path class="box" d="M\(c(x - 5)) \(c(upper))h10v\(c(lower - upper))h-10z"/>\
            <path class="line" d="M\(c(x)) \(c(upper))V\(c(y(box.whiskers.high, axis)))M\(c(x)) \(c(lower))V\(c(y(box.whiskers.low, axis)))"/>\
            <path class="median" d="M\(c(x - 5)) \(c(y(box.median, axis)))h10"/>
            """
    }

    private func note(_ boxes: [Box], _ axis: ValueAxis) -> HTML {
        let all = boxes.reduce(0) { $0 + $1.values.count }
        let beyond = boxes.reduce(0) { $0 + $1.values.count { $0 > axis.high || $0 < axis.low } }
        return beyond == 0
            ? .empty : "<p class=\"note\">\(beyond) of \(all) values lie beyond the axis and are drawn at its end.</p>"
    }

    private func short(_ name: String) -> String { name.count > 4 ? String(name.prefix(3)) + "." : name }
}
