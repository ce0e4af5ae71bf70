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

    /// - Parameter labels: nil: none to show, a second cut takes their place.
    mutating func add(_ ct: Volume<Float>, labels: Volume<UInt8>?, title: String) {
        let ct = ct.reoriented(to: .ras)
        let labels = labels?.reoriented(to: .ras)
        let (side, front) = (middle(ct, labels, 0), middle(ct, labels, 1))
        let aside = labels == nil ? min(side + 6, ct.geometry.size[0] - 1) : side
        var first = picture(ct, nil, across: 0, at: side)
        first.draw(title, x: 2, y: 2, halo: true)
        tiles += [first, picture(ct, labels, across: 0, at: aside), picture(ct, nil, across: 1, at: front)]
    }

    func png(columns: Int) throws -> Data {
        let rows = (tiles.count + columns - 1) / columns
        var sheet = Raster(width: columns * edge, height: max(rows, 1) * edge)
        for (index, tile) in tiles.enumerated() {
            sheet.draw(tile, x: index % columns * edge, y: index / columns * edge)
        }
        return try sheet.png()
    }

    /// Where most of the spine is; without labels, where most bone is in the middle third.
    private func middle(_ ct: Volume<Float>, _ labels: Volume<UInt8>?, _ axis: Int) -> Int {
        let size = ct.geometry.size
        var counts = [Int](repeating: 0, count: size[axis])
        for voxel in ct.voxels.indices {
            let i = voxel % size[0]
            let isSpine =
                labels.map { (1...25).contains($0.voxels[voxel]) }
                ?? (ct.voxels[voxel] > 220 && abs(2 * i - size[0]) * 3 < size[0])
            if isSpine { counts[axis == 0 ? i : voxel / size[0] % size[1]] += 1 }
        }
        guard let most = counts.max(), most > 0 else { return size[axis] / 2 }
        return counts.firstIndex(of: most) ?? 0
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
