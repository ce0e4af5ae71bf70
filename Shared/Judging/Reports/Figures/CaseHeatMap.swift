import Anatomy
import CohortAnalysis
import Metrics

/// Every case of a model against every class, coloured by Dice: one look at where a model fails.
struct CaseHeatMap {
    let model: EvaluatedModel
    let labels: [Label]
    let metric = Metric.dice

    private static let (left, top, width, height) = (6, 20, 26, 9)

    func figure() -> HTML {
        let cases = model.cohort.cases
        // One path per colour: thousands of squares in few bytes.
        var paths = [String](repeating: "", count: 11)
        for (row, entry) in cases.enumerated() {
            let values = Dictionary(
                entry.metrics.classes.map { ($0.label, $0[metric]) }, uniquingKeysWith: { first, _ in first })
            for (column, label) in labels.enumerated() {
                guard let step = ColourScale.step(of: values[label.value] ?? nil, metric) else { continue }
                let (width, height) = (Self.width - 1, Self.height - 1)
                paths[step] +=
                    "M\(Self.left + column * Self.width) \(Self.top + row * Self.height)h\(width)v\(height)h-\(width)z"
            }
        }
        let squares = paths.indices.filter { !paths[$0].isEmpty }.html { SVG.path(class: "q\($0)", paths[$0]) }
        let heads = labels.enumerated().map { $0 }.html { column, label in
            SVG.text(
                label.name.count > 4 ? "\(label.name.prefix(3))." : label.name, class: "tick",
                x: Double(Self.left + column * Self.width + Self.width / 2), y: 14)
        }
        let (width, height) = (Self.left * 2 + labels.count * Self.width, Self.top + cases.count * Self.height + 4)
        let label = "Dice of \(model.name): one row per case in the order of their names, one column per class"
        return SVG.figure(label, width: Double(width), height: Double(height), heads + squares)
    }
}
