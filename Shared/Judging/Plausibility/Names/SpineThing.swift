import Anatomy
import Volumes

/// A connected part of a label map that is taken as one thing until somebody cuts it: how much of it lies how far down
/// the spine, and what the network calls it there.
struct SpineThing: Sendable {
    /// A millimetre of the spine.
    struct Slice: Sendable {
        var voxels = 0.0
        var moment = SIMD3<Double>.zero
        /// By label value.
        var votes = [Double](repeating: 0, count: 26)
    }

    /// Place of the first slice.
    let first: Int
    private(set) var slices: [Slice]
    var isCut = false
    /// Places along the spine where it is cut into pieces.
    private(set) var cuts: [(place: Double, section: Double)] = []

    init(from first: Int, through last: Int) {
        self.first = first
        slices = [Slice](repeating: Slice(), count: last - first + 1)
    }

    mutating func add(_ sample: SpineSample, at place: Double) {
        let weight = Double(sample.voxels)
        slices[slice(place)].voxels += weight
        slices[slice(place)].moment += SIMD3<Double>(sample.point) * weight
    }

    mutating func vote(_ label: UInt8, _ weight: Double, at place: Double) {
        guard label < 26 else { return }
        slices[slice(place)].votes[Int(label)] += weight
    }

    private func slice(_ place: Double) -> Int {
        min(max(Int(place.rounded(.down)) - first, 0), slices.count - 1)
    }

    var voxels: Double { slices.reduce(0) { $0 + $1.voxels } }

    /// Which piece holds what lies at this place.
    func piece(at place: Double) -> Int { cuts.count { $0.place <= place } }

    /// Label values' share of what the network says, 0 … 255.
    private func votes(_ range: Range<Int>) -> [Double] {
        var votes = [Double](repeating: 0, count: 256)
        for slice in slices[range] { for label in 0..<26 { votes[label] += slice.votes[label] } }
        let total = votes.reduce(0, +)
        return total > 0 ? votes.map { $0 / total } : votes
    }

    /// - Parameter voxelVolume: millilitres.
    func pieces(thing: Int, voxelVolume: Double) -> [SpinePiece] {
        let bounds = [0] + cuts.map { min(max(Int($0.place.rounded(.down)) - first, 0), slices.count) } + [slices.count]
        return zip(bounds, bounds.dropFirst()).enumerated().map { index, bound in
            let range = bound.0..<bound.1
            let voxels = max(slices[range].reduce(0) { $0 + $1.voxels }, .leastNormalMagnitude)
            let place = range.reduce(0.0) { $0 + (Double(first + $1) + 0.5) * slices[$1].voxels } / voxels
            let isEnd = index == 0 || index == cuts.count
            return SpinePiece(
                thing: thing, place: place, centre: slices[range].reduce(.zero) { $0 + $1.moment } / voxels,
                volumeInMillilitres: voxels * voxelVolume, votes: votes(range), isCut: isCut && isEnd,
                sectionBelow: index < cuts.count ? cuts[index].section : 0)
        }
    }

    // MARK: Where two vertebrae may meet

    /// Cuts it where it is narrow, if it is too long or too large for one vertebra; a cut too many costs little: the
    /// path joins what belongs together.
    /// - Parameter size: of this map's vertebrae, relative to the usual volume of their names.
    mutating func cutIfTooLarge(labelSet: LabelSet, size: Double, voxelVolume: Double, always: Bool) {
        let said = votes(0..<slices.count)
        guard let top = said.indices.max(by: { said[$0] < said[$1] }), said[top] > 0,
            let level = labelSet.label(of: UInt8(top)).flatMap({ SpineLevel(name: $0.name) }), level != .sacrum
        else { return }
        let gap = level.gapBelowInMillimetres
        let isLarge = voxels * voxelVolume > 1.5 * level.volumeInMillilitres * size
        let isLong = extent > 1.45 * gap + 16
        guard always || isLarge || isLong else { return }
        let areas = smoothedAreas(3)
        let apart = Int(0.5 * gap * max(0.7, min(1, size)))
        guard let widest = areas.max(), widest > 0 else { return }
        cuts = narrowest(areas, apart: max(6, apart)).map { slice in
            let above = areas[max(0, slice - 2 * apart)...slice].max() ?? widest
            let below = areas[slice...min(areas.count - 1, slice + 2 * apart)].max() ?? widest
            return (Double(first + slice), areas[slice] / max(1e-9, min(above, below)))
        }
    }

    /// Between a twentieth from either end, millimetres.
    private var extent: Double {
        let total = voxels
        var (sum, low, high) = (0.0, 0, slices.count)
        for (index, slice) in slices.enumerated() {
            sum += slice.voxels
            if sum < 0.05 * total { low = index + 1 }
            if sum <= 0.95 * total { high = index + 1 }
        }
        return Double(max(0, high - low))
    }

    private func smoothedAreas(_ reach: Int) -> [Double] {
        slices.indices.map { index in
            let range = max(0, index - reach)...min(slices.count - 1, index + reach)
            return slices[range].reduce(0) { $0 + $1.voxels } / Double(range.count)
        }
    }

    /// Local minima, none nearer than `apart` to another or to an end of the bulk; between two that are far apart the
    /// middle, for where discs are filled nothing is narrow.
    private func narrowest(_ areas: [Double], apart: Int) -> [Int] {
        let total = areas.reduce(0, +)
        var (sum, low, high) = (0.0, 0, areas.count - 1)
        for (index, area) in areas.enumerated() {
            sum += area
            if sum < 0.1 * total { low = index + 1 }
            if sum <= 0.9 * total { high = index }
        }
        guard low < high else { return [] }
        let minima = (low...high).filter { index in
            let around = max(0, index - apart)...min(areas.count - 1, index + apart)
            let least = areas[around].min() ?? 0
            guard areas[index] <= least, areas[around].firstIndex(of: areas[index]) == index else { return false }
            // Narrower than something on either side.
            let above = areas[max(0, index - 2 * apart)...index].max() ?? 0
            let below = areas[index...min(areas.count - 1, index + 2 * apart)].max() ?? 0
            return areas[index] < 0.9 * min(above, below)
        }
        let bounds = [low - apart / 2] + minima + [high + apart / 2]
        let middles = zip(bounds, bounds.dropFirst()).flatMap { upper, lower in
            let parts = Int((Double(lower - upper) / (3.2 * Double(apart))).rounded(.up))
            return parts < 2 ? [] : (1..<parts).map { upper + (lower - upper) * $0 / parts }
        }
        return (minima + middles).sorted()
    }
}
