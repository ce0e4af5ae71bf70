/// The largest connected piece of a label in a panel: where its name is written, so that it stands on the vertebral
/// body and not between body and spinous process.
struct LabelPiece {
    var label: UInt8
    var pixels: Int
    /// The centroid.
    var x: Int
    var y: Int

    /// Pieces smaller than this bear no name.
    private static let smallest = 60

    /// For each label in the order of values; `labels` has rows of `width` pixels. Pixels are joined by their sides;
    /// of pieces of equal size the upper one counts.
    static func largest(in labels: [UInt8], width: Int) -> [LabelPiece] {
        var best = [LabelPiece?](repeating: nil, count: 256)
        var isSeen = labels.map { $0 == 0 }
        for start in labels.indices where !isSeen[start] {
            let piece = filled(from: start, labels, width, &isSeen)
            if piece.pixels >= max(smallest, (best[Int(piece.label)]?.pixels ?? 0) + 1) {
                best[Int(piece.label)] = piece
            }
        }
        return best.compactMap { $0 }
    }

    private static func filled(from start: Int, _ labels: [UInt8], _ width: Int, _ isSeen: inout [Bool]) -> LabelPiece {
        let label = labels[start]
        var (pixels, x, y) = (0, 0, 0)
        var open = [start]
        isSeen[start] = true
        while let pixel = open.popLast() {
            let column = pixel % width
            pixels += 1
            x += column
            y += pixel / width
            func visit(_ next: Int) {
                guard labels.indices.contains(next), !isSeen[next], labels[next] == label else { return }
                isSeen[next] = true
                open.append(next)
            }
            if column > 0 { visit(pixel - 1) }
            if column < width - 1 { visit(pixel + 1) }
            visit(pixel - width)
            visit(pixel + width)
        }
        return LabelPiece(label: label, pixels: pixels, x: x / pixels, y: y / pixels)
    }
}
