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
            let values = Dictionary(entry.metrics.classes.map { ($0.label, $0[metric]) }, uniquingKeysWith: { first, _ in first })
            for (column, label) in labels.enumerated() {
                guard let step = ColourScale.step(of: values[label.value] ?? nil, metric) else { continue }
                paths[step] += "M\(Self.left + column * Self.width) \(Self.top + row * Self.height)h\(Self.width - 1)v\(Self.height - 1)h-\(Self.width - 1)z"
            }
        }
        let squares = paths.indices.filter { !paths[$0].isEmpty }.html { "<path class=\"q\($0)\" d=\"\(HTML(trusted: paths[$0]))\"/>" }
        let heads = labels.enumerated().map { $0 }.html { column, label in
            "<text class=\"tick\" x=\"\(Self.left + column * Self.width + Self.width / 2)\" y=\"14\">\(label.name.count > 4 ? "sac." : label.name)</text>"
        }
        let (width, height) = (Self.left * 2 + labels.count * Self.width, Self.top + cases.count * Self.height + 4)
        return """
            <div class="scroll"><svg class="figure" role="img" aria-label="Dice of \(model.name): one row per case in the order of their names, one column per class" \
            viewBox="0 0 \(width) \(height)" width="\(width)">\(heads)\(squares)</svg></div>
            """
    }
}
