import Anatomy
import Foundation
import Phantoms
import Reports
import Volumes

/// Scenes side by side, each cut through its middle from the side and from the front, and once more with its labels.
struct SceneSheet {
    private var tiles: [Raster] = []
    private let edge: Int

    /// - Parameter edge: of a picture in dots; a millimetre is a dot.
    init(edge: Int = 240) { self.edge = edge }

    /// - Parameter labels: nil: none to show.
    mutating func add(_ ct: Volume<Float>, labels: Volume<UInt8>?, title: String) {
        let ct = ct.reoriented(to: .ras)
        let labels = labels?.reoriented(to: .ras)
        for (axis, isShown) in [(0, false), (0, true), (1, false)] {
            guard !isShown || labels != nil else { continue }
            var tile = picture(
                ct, isShown ? labels : nil, across: axis, at: middle(labels, axis) ?? ct.geometry.size[axis] / 2)
            if axis == 0, !isShown { tile.draw(title, x: 2, y: 2, halo: true) }
            tiles.append(tile)
        }
    }

    func png(columns: Int) throws -> Data {
        let rows = (tiles.count + columns - 1) / columns
        var sheet = Raster(width: columns * edge, height: max(rows, 1) * edge)
        for (index, tile) in tiles.enumerated() {
            sheet.draw(tile, x: index % columns * edge, y: index / columns * edge)
        }
        return try sheet.png()
    }

    /// Where most of the spine is.
    private func middle(_ labels: Volume<UInt8>?, _ axis: Int) -> Int? {
        guard let labels else { return nil }
        let size = labels.geometry.size
        var counts = [Int](repeating: 0, count: size[axis])
        for voxel in labels.voxels.indices where (1...25).contains(labels.voxels[voxel]) {
            counts[axis == 0 ? voxel % size[0] : voxel / size[0] % size[1]] += 1
        }
        guard let most = counts.max(), most > 0 else { return nil }
        return counts.firstIndex(of: most)
    }

    /// From the patient's right, the front to the right; from the front, the patient's right to the left.
    private func picture(_ ct: Volume<Float>, _ labels: Volume<UInt8>?, across axis: Int, at slice: Int) -> Raster {
        var raster = Raster(width: edge, height: edge)
        let (size, spacing) = (ct.geometry.size, ct.geometry.spacingInMillimetres)
        let other = axis == 0 ? 1 : 0
        for y in 0..<edge {
            let k = Int((Double(size[2] - 1) / 2 + Double(edge / 2 - y) / spacing[2]).rounded())
            guard (0..<size[2]).contains(k) else { continue }
            for x in 0..<edge {
                let way = Double(x - edge / 2) / spacing[other] * (axis == 1 ? -1 : 1)
                let along = Int((Double(size[other] - 1) / 2 + way).rounded())
                guard (0..<size[other]).contains(along) else { continue }
                let (i, j) = axis == 0 ? (slice, along) : (along, slice)
                let share = (ct[i, j, k] + 350) / 1500
                let grey = UInt8(min(max(share, 0), 1) * 255)
                var colour = Colour(red: grey, green: grey, blue: grey)
                if let label = labels?[i, j, k], label > 0 {
                    let shown = LabelSet.spine25.colour(of: label) ?? Colour(red: 120, green: 120, blue: 140)
                    colour = Colour(
                        red: grey / 2 + shown.red / 2, green: grey / 2 + shown.green / 2,
                        blue: grey / 2 + shown.blue / 2)
                }
                raster[x, y] = colour
            }
        }
        return raster
    }
}
