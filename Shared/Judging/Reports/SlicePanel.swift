import Anatomy
import Volumes

/// One slice at the page's scale: the CT in grey, and on request labels over it.
struct SlicePanel {
    let view: AnatomicalView
    let choice: SliceChoice
    let plane: Plane
    let pixelsPerMillimetre: Double
    let window: GreyWindow

    var width: Int { pixels(along: plane.across) }
    var height: Int { pixels(along: plane.upward) }

    private func pixels(along axis: Int) -> Int {
        max(
            1,
            Int((Double(choice.ranges[axis].count) * view.spacingInMillimetres[axis] * pixelsPerMillimetre).rounded()))
    }

    /// The voxel coordinate, on `axis`, of each pixel's centre along the page; the page's left and top are the axis's
    /// end.
    private func coordinates(_ axis: Int, count: Int) -> [Double] {
        let range = choice.ranges[axis]
        return (0..<count).map {
            Double(range.upperBound) + 0.5 - (Double($0) + 0.5) / Double(count) * Double(range.count)
        }
    }

    /// Bilinear in the plane.
    func grey(_ ct: [Float]) -> Raster {
        var raster = Raster(width: width, height: height)
        let columns = coordinates(plane.across, count: width)
        let rows = coordinates(plane.upward, count: height)
        for y in 0..<height {
            for x in 0..<width {
                let level = window.grey(interpolated(ct, columns[x], rows[y]))
                raster[x, y] = Colour(red: level, green: level, blue: level)
            }
        }
        return raster
    }

    private func interpolated(_ ct: [Float], _ across: Double, _ upward: Double) -> Double {
        func pair(_ coordinate: Double, _ axis: Int) -> (Int, Int, Double) {
            let clamped = max(0, min(coordinate, Double(view.size[axis] - 1)))
            let lower = Int(clamped)
            return (lower, min(lower + 1, view.size[axis] - 1), clamped - Double(lower))
        }
        let (left, right, x) = pair(across, plane.across)
        let (low, high, y) = pair(upward, plane.upward)
        func value(_ across: Int, _ upward: Int) -> Double { Double(ct[offset(across, upward)]) }
        let lower = value(left, low) * (1 - x) + value(right, low) * x
        let upper = value(left, high) * (1 - x) + value(right, high) * x
        return lower * (1 - y) + upper * y
    }

    private func offset(_ across: Int, _ upward: Int) -> Int {
        var index = choice.slices
        index[plane.across] = across
        index[plane.upward] = upward
        return view.offset(index)
    }

    /// The label of every pixel, by the nearest voxel.
    func labels(_ voxels: [UInt8]) -> [UInt8] {
        let columns = coordinates(plane.across, count: width).map { Int(max(0, $0.rounded())) }
        let rows = coordinates(plane.upward, count: height).map { Int(max(0, $0.rounded())) }
        return rows.flatMap { row in
            columns.map { voxels[offset(min($0, view.size[plane.across] - 1), min(row, view.size[plane.upward] - 1))] }
        }
    }

    /// `grey` with labels in their colours, translucent with a firm outline, and each one's name at its centroid.
    func overlay(_ voxels: [UInt8], on grey: Raster, labelSet: LabelSet) -> Raster {
        var raster = grey
        let labels = labels(voxels)
        for y in 0..<height {
            for x in 0..<width {
                let label = labels[y * width + x]
                guard label != 0 else { continue }
                let colour = labelSet.colour(of: label) ?? .white
                raster[x, y] = colour.blended(over: grey[x, y], share: isEdge(labels, x, y) ? 0.95 : 0.38)
            }
        }
        for piece in LabelPiece.largest(in: labels, width: width) {
            guard let name = labelSet.name(of: piece.label) else { continue }
            let scale = piece.pixels > 2500 ? 2 : 1
            let length = Font.width(of: name, scale: scale)
            let x = max(1, min(piece.x - length / 2, width - length - 1))
            raster.draw(name, x: x, y: piece.y - Font.height * scale / 2, scale: scale, halo: true)
        }
        return raster
    }

    /// Whether a neighbour on the panel has another label.
    func isEdge(_ labels: [UInt8], _ x: Int, _ y: Int) -> Bool {
        let position = y * width + x
        let own = labels[position]
        return (x > 0 && labels[position - 1] != own) || (x < width - 1 && labels[position + 1] != own)
            || (y > 0 && labels[position - width] != own) || (y < height - 1 && labels[position + width] != own)
    }
}
