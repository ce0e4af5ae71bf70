/// Rows under aligned columns, two blanks apart.
package struct TextTable {
    package enum Alignment { case left, right }

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    /// Titles beginning with `>` are right-aligned columns.
    package init(_ titles: String...) { self.init(titles) }

    package init(_ titles: [String]) {
        columns = titles.map { $0.hasPrefix(">") ? (String($0.dropFirst()), .right) : ($0, .left) }
    }

    package var isEmpty: Bool { rows.isEmpty }

    package mutating func add(_ cells: String...) { add(cells) }

    package mutating func add(_ cells: [String]) {
        precondition(cells.count == columns.count, "a row needs \(columns.count) cells, got \(cells.count)")
        rows.append(cells)
    }

    package var text: String {
        let all = [columns.map(\.title)] + rows
        let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { line($0, widths) }.joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (column, cell) in cells.enumerated() {
            let blanks = String(repeating: " ", count: widths[column] - cell.count)
            line += (column == 0 ? "" : "  ") + (columns[column].alignment == .right ? blanks + cell : cell + blanks)
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
