import Anatomy
import CohortAnalysis
import Metrics

/// Which vertebra was called what, over all cases of a model: a row per true class, a column per predicted one.
///
/// Each row's voxels make 100 %. The row of background, where nearly all is right, shares out the false positives only.
struct ConfusionFigure {
    let labelSet: LabelSet
    let name: String
    /// `counts[truth][prediction]`, background last.
    private(set) var counts: [[Int]]
    /// Values shown, background last.
    private let values: [UInt8]

    private static let (left, top, cell) = (64.0, 52.0, 26.0)

    init(_ model: EvaluatedModel, labelSet: LabelSet) {
        self.labelSet = labelSet
        name = model.name
        var sums = [[Int]](repeating: [Int](repeating: 0, count: 256), count: 256)
        for entry in model.cohort.cases.flatMap(\.metrics.confusion) {
            sums[Int(entry.truth)][Int(entry.prediction)] += entry.voxels
        }
        let present = labelSet.labels.map(\.value).filter { value in
            sums[Int(value)].contains { $0 > 0 } || sums.contains { $0[Int(value)] > 0 }
        }
        let values = present + [0]
        self.values = values
        counts = values.map { truth in values.map { sums[Int(truth)][Int($0)] } }
        counts[values.count - 1][values.count - 1] = 0
    }

    /// The share of the row, nil for an empty row and for background met by background.
    func share(_ row: Int, _ column: Int) -> Double? {
        let total = counts[row].reduce(0, +)
        return total == 0 || (values[row] == 0 && values[column] == 0)
            ? nil : Double(counts[row][column]) / Double(total)
    }

    func figure() -> HTML {
        let size = Self.cell * Double(values.count)
        var marks = HTML.empty
        for row in values.indices {
            let y = Self.top + Self.cell * Double(row)
            let title = labelSet.name(of: values[row]) ?? ""
            marks += SVG.text(short(title), class: "value", x: Self.left - 6, y: y + Self.cell / 2)
            let place =
                "translate(\(Int(Self.left + Self.cell * (Double(row) + 0.5))) \(Int(Self.top - 6))) rotate(-60)"
            marks += "<text class=\"turned\" transform=\"\(place)\">\(short(title))</text>"
            for column in values.indices {
                guard let share = share(row, column), share > 0 else { continue }
                marks += cell(row, column, share)
            }
        }
        let frame: HTML = """
            <rect class="frame" x="\(Int(Self.left))" y="\(Int(Self.top))" width="\(Int(size))" height="\(Int(size))"/>
            """
        return SVG.figure(
            "Confusion matrix of \(name): rows truth, columns prediction, share of the row's voxels",
            class: "confusion",
            width: Self.left + size + 8, height: Self.top + size + 8, frame + marks)
    }

    /// Right voxels in blue, wrong ones in red, by the square root of the share so that small confusions are seen.
    private func cell(_ row: Int, _ column: Int, _ share: Double) -> HTML {
        let isRight = row == column
        let strength = isRight ? share : share.squareRoot()
        let step = ColourScale.step(share: isRight ? 0.5 + strength / 2 : 0.5 - strength / 2)
        let x = Self.left + Self.cell * Double(column)
        let y = Self.top + Self.cell * Double(row)
        let percent = share * 100
        let digits = percent >= 9.95 || percent < 0.05 ? 0 : 1
        let style = ColourScale.steps[step].isDark ? "cell light" : "cell"
        let number = NumberText.fixed(percent, digits: digits)
        let text =
            percent < 0.05 ? HTML.empty : SVG.text(number, class: style, x: x + Self.cell / 2, y: y + Self.cell / 2)
        let (truth, prediction) = (labelSet.name(of: values[row]) ?? "", labelSet.name(of: values[column]) ?? "")
        return """
            <g><title>\(truth) called \(prediction): \(NumberText.fixed(percent, digits: 2)) %, \(counts[row][column]) voxels</title>\
            <rect class="q\(step)" x="\(Int(x))" y="\(Int(y))" width="\(Int(Self.cell))" height="\(Int(Self.cell))"/>\(text)</g>
            """
    }

    /// The classes most often called something else, the largest share first.
    func largestConfusions(_ count: Int) -> [(truth: String, prediction: String, share: Double, voxels: Int)] {
        let vertebrae = values.indices.dropLast()
        let pairs = vertebrae.flatMap { row in vertebrae.filter { $0 != row }.map { (row, $0) } }
        let found = pairs.compactMap {
            row, column -> (truth: String, prediction: String, share: Double, voxels: Int)? in
            guard let share = share(row, column), share > 0 else { return nil }
            return (
                labelSet.name(of: values[row]) ?? "", labelSet.name(of: values[column]) ?? "", share,
                counts[row][column]
            )
        }
        return Array(found.sorted { $0.share > $1.share }.prefix(count))
    }

    private func short(_ name: String) -> String { name == "background" ? "backgr." : name }
}
