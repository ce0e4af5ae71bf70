import Anatomy

/// Lays panels out on a page: titles on top, rows of panels, a scale bar, the legend and footnotes below.
struct SpinePage {
    /// Panels by row; all panels of a row have one size, and all rows one number of panels.
    let rows: [[Raster]]
    let titles: [String]
    let footnotes: [String]
    let legend: [Label]
    let pixelsPerMillimetre: Double

    private static let gap = 8
    private static let lineHeight = 14
    private static let background = Colour(red: 24, green: 26, blue: 30)
    private static let text = Colour(red: 222, green: 224, blue: 228)

    private var columnWidth: Int { max(150, rows.map { $0[0].width }.max() ?? 1) }
    private var width: Int { titles.count * (columnWidth + Self.gap) + Self.gap }

    func raster() -> Raster {
        let lines = legendLines()
        let panels = rows.map { $0[0].height + Self.gap }.reduce(0, +)
        let below = (lines.count + footnotes.count + 2) * Self.lineHeight
        var page = Raster(width: width, height: Self.gap + 22 + panels + below + Self.gap, colour: Self.background)
        for (column, title) in titles.enumerated() {
            page.draw(title, x: left(column, Font.width(of: title, scale: 2)), y: Self.gap, scale: 2, colour: Self.text)
        }
        var y = Self.gap + 22
        for row in rows {
            for (column, panel) in row.enumerated() { page.draw(panel, x: left(column, panel.width), y: y) }
            y += row[0].height + Self.gap
        }
        y = drawScale(&page, y)
        for line in lines {
            for (label, x) in line {
                page.fill(x: x, y: y, width: 9, height: 9, label.colour)
                page.draw(label.name, x: x + 13, y: y + 1, colour: Self.text)
            }
            y += Self.lineHeight
        }
        for footnote in footnotes {
            page.draw(footnote, x: Self.gap, y: y + 2, colour: Self.text)
            y += Self.lineHeight
        }
        return page
    }

    /// Where something of this width begins to be centred in its column.
    private func left(_ column: Int, _ width: Int) -> Int {
        Self.gap + column * (columnWidth + Self.gap) + (columnWidth - width) / 2
    }

    /// A bar of 50 mm (10 mm where that is too long); returns where to go on.
    private func drawScale(_ page: inout Raster, _ y: Int) -> Int {
        let length = 50 * pixelsPerMillimetre < Double(width) / 3 ? 50 : 10
        let pixels = Int((Double(length) * pixelsPerMillimetre).rounded())
        page.fill(x: Self.gap, y: y + 5, width: pixels, height: 2, Self.text)
        page.fill(x: Self.gap, y: y + 2, width: 1, height: 8, Self.text)
        page.fill(x: Self.gap + pixels - 1, y: y + 2, width: 1, height: 8, Self.text)
        page.draw("\(length) mm", x: Self.gap + pixels + 6, y: y + 2, colour: Self.text)
        return y + Self.lineHeight + 4
    }

    private func legendLines() -> [[(Label, Int)]] {
        var lines: [[(Label, Int)]] = []
        var x = width
        for label in legend {
            let needed = 13 + Font.width(of: label.name) + 12
            if x + needed > width {
                lines.append([])
                x = Self.gap
            }
            lines[lines.count - 1].append((label, x))
            x += needed
        }
        return lines
    }
}
