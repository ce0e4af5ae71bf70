package import Metrics

/// Per-class metrics as a table for a terminal.
package enum MetricsTable {
    private static let shown: [Metric] = [.dice, .iou, .sensitivity, .specificity, .precision, .accuracy]
    private static let titles = ["class"] + shown.map(\.row.title) + ["truth ml", "predicted ml"]

    /// One line per class, columns aligned, ending with the means; `–` is a ratio without a denominator. Classes in
    /// neither truth nor prediction are marked `absent`, or named together on a last line if `listsAbsent` is false.
    package static func text(_ metrics: [ClassMetrics], listsAbsent: Bool = true) -> String {
        let listed = metrics.filter { listsAbsent || $0.presence != .absent }
        let cells = [titles] + listed.map(row)
        let widths = titles.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
        var lines = cells.map { row in
            row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + padding : padding + cell
            }.joined(separator: "  ")
        }
        lines.insert(rule, at: 1)
        lines.append(rule)
        lines.append("mean Dice of the classes in the truth: \(ratio(metrics.meanDiceOfClassesInTruth))")
        lines.append("mean Dice of the classes in truth or prediction: \(ratio(metrics.meanDiceOfClassesPresent))")
        let absent = metrics.filter { $0.presence == .absent }.map(\.name)
        if !listsAbsent, !absent.isEmpty {
            lines.append("absent from truth and prediction: " + absent.joined(separator: ", "))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func row(_ metrics: ClassMetrics) -> [String] {
        if metrics.presence == .absent { return [metrics.name, "absent"] + titles.dropFirst(2).map { _ in "–" } }
        let volumes = [metrics.truthVolumeInMillilitres, metrics.predictedVolumeInMillilitres]
        return [metrics.name] + shown.map { ratio(metrics[$0]) } + volumes.map { fixed($0, digits: 2) }
    }

    private static func ratio(_ value: Double?) -> String {
        value.map { fixed($0, digits: 4) } ?? "–"
    }

    /// A value ≥ 0 with a fixed number of digits, in no locale.
    private static func fixed(_ value: Double, digits: Int) -> String {
        let scale = (0..<digits).reduce(1) { product, _ in product * 10 }
        let scaled = Int((value * Double(scale)).rounded())
        let fraction = String(scaled % scale)
        return "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
