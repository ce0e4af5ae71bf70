import Documents
package import Studies

/// A curve in characters, for a terminal: braille cells of two by four dots, with the axis's ends and its last value.
///
/// ```
/// loss 0.712
/// 1.94 ⡇
///      ⠑⢄
/// 0.70   ⠉⠒⠤⣀⣀
/// ```
package struct CurveChart {
    private let title: String
    private let values: [Double?]

    /// - Parameter values: from left to right; nil: no value there.
    package init(_ title: String, _ values: [Double?]) {
        self.title = title
        self.values = values.map { value in value.flatMap { $0.isFinite ? $0 : nil } }
    }

    /// Title, then `height` lines of at most `width` characters. Of more values than dots side by side, each column of
    /// dots is the mean of its own.
    package func lines(width: Int, height: Int) -> [String] {
        let known = values.compactMap { $0 }
        guard let last = known.last, let low = known.min(), let high = known.max() else { return ["\(title) -"] }
        let ends = [high, low].map { Wording.ratio($0, digits: 3) }
        let margin = ends.map(\.count).max() ?? 0
        let (cells, rows) = (max(1, width - margin - 1), max(1, height))
        var canvas = Array(repeating: Array(repeating: UInt8(0), count: cells), count: rows)
        let dots = columns(min(cells * 2, values.count))
        var former: Int?
        for (x, value) in dots.enumerated() {
            guard let value else {
                former = nil
                continue
            }
            let share = high > low ? (high - value) / (high - low) : 0.5
            let y = Int((share * Double(rows * 4 - 1)).rounded())
            // Down or up from the point before, so that the curve has no holes.
            for dot in min(former ?? y, y)...max(former ?? y, y) where former == nil || dot != former || dot == y {
                canvas[dot / 4][x / 2] |= Self.bit(x % 2, dot % 4)
            }
            former = y
        }
        let drawn = canvas.enumerated().map { row, cells in
            let end = row == 0 ? ends[0] : row == rows - 1 ? ends[1] : ""
            return String(repeating: " ", count: margin - end.count) + end + " " + Self.text(cells)
        }
        return ["\(title) \(Wording.ratio(last, digits: 3))"] + drawn
    }

    /// The values over so many columns.
    private func columns(_ count: Int) -> [Double?] {
        guard values.count > count else { return values }
        return (0..<count).map { column in
            let part = values[column * values.count / count..<(column + 1) * values.count / count].compactMap { $0 }
            return part.isEmpty ? nil : part.reduce(0, +) / Double(part.count)
        }
    }

    /// Unicode's numbering of a braille cell's dots.
    private static func bit(_ column: Int, _ row: Int) -> UInt8 {
        row == 3 ? (column == 0 ? 0x40 : 0x80) : 1 << UInt8(row + column * 3)
    }

    private static func text(_ cells: [UInt8]) -> String {
        let end = cells.lastIndex { $0 != 0 } ?? -1
        return String(
            String.UnicodeScalarView(
                cells[...end].map { Unicode.Scalar($0 == 0 ? 0x20 : 0x2800 + UInt32($0)) ?? " " }))
    }
}

extension CurveChart {
    /// What a training has of: its loss, that on validation patches, and Dice of validation cases, else of patches.
    package static func training(_ epochs: [EpochMetrics]) -> [CurveChart] {
        var charts = [CurveChart("loss", epochs.map(\.trainingLoss))]
        if epochs.contains(where: { $0.validationLoss != nil }) {
            charts.append(CurveChart("loss on validation patches", epochs.map(\.validationLoss)))
        }
        charts.append(
            epochs.contains { $0.validationDice != nil }
                ? CurveChart("validation Dice", epochs.map(\.validationDice))
                : CurveChart("Dice on patches", epochs.map(\.meanPseudoDice)))
        return charts
    }
}
