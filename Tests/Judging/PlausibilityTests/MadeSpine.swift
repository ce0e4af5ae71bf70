import Anatomy
import Volumes

/// A label map of boxes along z, head up: vertebra n of `levels` is a box of 10×10×6 voxels of 2 mm, 20 mm above the
/// next, wholly in view.
struct MadeSpine {
    static let spacing = 2.0
    var volume: Volume<UInt8>
    let levels: [UInt8]

    init(_ levels: ClosedRange<UInt8>) { self.init(Array(levels)) }

    init(_ levels: [UInt8]) {
        self.levels = levels
        volume = Volume(
            geometry: Geometry(
                size: [30, 30, 10 * levels.count + 6],
                affine: Affine(spacingInMillimetres: [2, 2, 2], origin: [-30, -30, 100])), repeating: 0)
        for (place, label) in levels.enumerated() { fill(label, 10..<20, 10..<20, slices(place)) }
    }

    /// Of the vertebra at `place` from the top.
    func slices(_ place: Int) -> Range<Int> {
        let lowest = 10 * (levels.count - 1 - place) + 5
        return lowest..<lowest + 6
    }

    mutating func fill(_ label: UInt8, _ i: Range<Int>, _ j: Range<Int>, _ k: Range<Int>) {
        for z in k { for y in j { for x in i { volume[x, y, z] = label } } }
    }

    func count(_ label: UInt8) -> Int { volume.voxels.count { $0 == label } }
}
