/// Values over a training's epochs, one line for each series.
struct EpochCurves {
    struct Series {
        let name: String
        /// By epoch, ascending.
        let points: [(epoch: Int, value: Double)]
    }

    let title: String
    let series: [Series]

    private static let (left, right, top, bottom) = (58.0, 8.0, 10.0, 26.0)
    private static let (width, height) = (960.0, 250.0)
    /// More points than this on one line are drawn without knots.
    private static let mostKnots = 60

    func figure() -> HTML {
        let points = series.flatMap(\.points).filter { $0.value.isFinite }
        guard let low = points.map(\.value).min(), let high = points.map(\.value).max(),
            let first = points.map(\.epoch).min(), let last = points.map(\.epoch).max()
        else { return .empty }
        let (values, epochs) = (ValueAxis(low: low, high: high), ValueAxis(low: Double(first), high: Double(last)))
        func text(_ value: Double) -> String { NumberText.coordinate(value) }
        func y(_ value: Double) -> Double {
            Self.top + (1 - values.share(value)) * (Self.height - Self.top - Self.bottom)
        }
        func x(_ epoch: Double) -> Double {
            let share = last > first ? (epoch - Double(first)) / Double(last - first) : 0.5
            return Self.left + 12 + share * (Self.width - Self.left - Self.right - 24)
        }
        var marks = values.ticks.html { tick in
            SVG.path(class: "grid", "M\(Int(Self.left)) \(text(y(tick)))H\(Int(Self.width - Self.right))")
                + SVG.text(NumberText.fixed(tick, digits: values.digits), class: "value", x: Self.left - 6, y: y(tick))
        }
        let labelled = epochs.ticks.filter { $0 == $0.rounded() && $0 >= Double(first) && $0 <= Double(last) }
        marks += (labelled.isEmpty ? [Double(first)] : labelled).html { tick in
            SVG.text("\(Int(tick))", class: "tick", x: x(tick), y: Self.height - 9)
        }
        for (index, one) in series.enumerated() {
            let shown = one.points.filter { $0.value.isFinite }
            let line = shown.enumerated().map { place, point in
                "\(place == 0 ? "M" : "L")\(text(x(Double(point.epoch)))) \(text(y(point.value)))"
            }.joined()
            let knots =
                shown.count > Self.mostKnots
                ? "" : shown.map { "M\(text(x(Double($0.epoch)))) \(text(y($0.value)))h0" }.joined()
            let drawn = [("trend", line), ("knots", knots)].filter { !$0.1.isEmpty }.html {
                SVG.path(class: $0.0, $0.1)
            }
            marks += "<g class=\"s\(index % 6)\">\(drawn)</g>"
        }
        return SVG.figure(
            "\(title) over epochs \(first) to \(last): \(series.map(\.name).joined(separator: ", "))",
            width: Self.width,
            height: Self.height, marks)
    }

    func legend() -> HTML {
        let entries = series.enumerated().map { $0 }.html { index, one in
            "<span class=\"s\(index % 6)\">\(SVG.swatch(shape: "<circle class=\"knob\" cx=\"7\" cy=\"7\" r=\"5\"/>"))\(one.name)</span>"
        }
        return "<p class=\"legend\">\(entries)</p>"
    }
}
