import Anatomy
import Foundation
import Volumes

/// A connected part of a label map that is taken as one thing until somebody cuts it: how much of it lies how far down
/// the spine, and what the network calls it there.
struct SpineThing: Sendable {
    /// A millimetre of the spine.
    struct Slice: Sendable {
        var voxels = 0.0
        /// Of these, the ones near the line: bodies and arches, without the processes that reach over the next vertebra.
        var core = 0.0
        var moment = SIMD3<Double>.zero
        /// By label value.
        var votes = [Double](repeating: 0, count: 26)
        var certainty: Certainty?
    }

    private static let coreInMillimetres = 22.0

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

    mutating func add(_ sample: SpineSample, at place: Double, distance: Double) {
        let weight = Double(sample.voxels)
        if distance < Self.coreInMillimetres { slices[slice(place)].core += weight }
        slices[slice(place)].voxels += weight
        slices[slice(place)].moment += SIMD3<Double>(sample.point) * weight
    }

    mutating func vote(_ label: UInt8, _ weight: Double, at place: Double) {
        guard label < 26 else { return }
        slices[slice(place)].votes[Int(label)] += weight
    }

    /// What the network thinks of a cell of it.
    mutating func add(_ cell: LevelVotes.Cell, at place: Double) {
        for (label, vote) in cell.votes.enumerated() where vote > 0 && label < 26 {
            self.vote(UInt8(label), Double(vote), at: place)
        }
        let certainty = Certainty(
            voxels: Double(cell.voxels), bone: cell.votes.reduce(0) { $0 + Double($1) }, entropy: Double(cell.entropy))
        let slice = slice(place)
        slices[slice].certainty = slices[slice].certainty.map { $0 + certainty } ?? certainty
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
            var piece = SpinePiece(
                thing: thing, place: place, centre: slices[range].reduce(.zero) { $0 + $1.moment } / voxels,
                volumeInMillilitres: voxels * voxelVolume, votes: votes(range), isCut: isCut && isEnd,
                sectionBelow: index < cuts.count ? cuts[index].section : 0)
            piece.certainty = slices[range].compactMap(\.certainty).reduce(nil) { sum, one in
                sum.map { $0 + one } ?? one
            }
            return piece
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
        let isLarge = voxels * voxelVolume > 1.3 * level.volumeInMillilitres * size
        guard always || isLarge || coreExtent > 1.3 * gap * min(1.1, max(0.75, pow(size, 1.0 / 3))) else { return }
        let areas = smoothedAreas(3)
        let gaps = gaps(labelSet).map { $0 * min(1.1, max(0.75, pow(size, 1.0 / 3))) }
        cuts = narrowest(areas, gaps, end: 3 * size / voxelVolume).map { slice in
            let reach = Int(gaps[slice])
            let above = areas[max(0, slice - reach)...slice].max() ?? 0
            let below = areas[slice...min(areas.count - 1, slice + reach)].max() ?? 0
            return (Double(first + slice), min(1, areas[slice] / max(1e-9, min(above, below))))
        }
    }

    /// By slice: the gap that vertebrae there have by what the network calls them, millimetres.
    private func gaps(_ labelSet: LabelSet) -> [Double] {
        let usual = (0..<26).map { value in
            labelSet.label(of: UInt8(value)).flatMap { SpineLevel(name: $0.name) }.map {
                $0 == .sacrum ? SpineLevel.l4.gapBelowInMillimetres : $0 == .l5 ? 33 : $0.gapBelowInMillimetres
            }
        }
        let sums = slices.map { slice in
            usual.indices.reduce(SIMD2<Double>.zero) { sum, value in
                usual[value].map { sum + SIMD2($0, 1) * slice.votes[value] } ?? sum
            }
        }
        return slices.indices.map { index in
            let near = sums[max(0, index - 20)...min(sums.count - 1, index + 20)].reduce(.zero, +)
            return near.y > 0 ? near.x / near.y : 25
        }
    }

    /// Of the core, between a twentieth from either end, millimetres.
    private var coreExtent: Double {
        let total = slices.reduce(0) { $0 + $1.core }
        var (sum, low, high) = (0.0, 0, slices.count)
        for (index, slice) in slices.enumerated() {
            sum += slice.core
            if sum < 0.05 * total { low = index + 1 }
            if sum <= 0.95 * total { high = index + 1 }
        }
        return Double(max(0, high - low))
    }

    private func smoothedAreas(_ reach: Int) -> [Double] {
        slices.indices.map { index in
            let range = max(0, index - reach)...min(slices.count - 1, index + reach)
            return slices[range].reduce(0) { $0 + $1.core } / Double(range.count)
        }
    }

    /// Local minima, none nearer than half a gap to another or to an end of the bulk; between two that are far apart
    /// equal parts, for where discs are filled nothing is narrow.
    private func narrowest(_ areas: [Double], _ gaps: [Double], end: Double) -> [Int] {
        guard let (low, high) = bulk(end) else { return [] }
        let minima = (low...high).filter { index in
            let (half, whole) = (Int(0.5 * gaps[index]), Int(gaps[index]))
            let around = max(0, index - half)...min(areas.count - 1, index + half)
            let least = areas[around].min() ?? 0
            guard areas[index] <= least, areas[around].firstIndex(of: areas[index]) == index else { return false }
            // Narrower than something on either side.
            let above = areas[max(0, index - whole)...index].max() ?? 0
            let below = areas[index...min(areas.count - 1, index + whole)].max() ?? 0
            return areas[index] < 0.92 * min(above, below)
        }
        let half = Int(0.25 * gaps[low])
        let bounds = [low - half] + minima + [high + half]
        let parts = zip(bounds, bounds.dropFirst()).flatMap { upper, lower -> [Int] in
            let gap = gaps[min(max((upper + lower) / 2, 0), gaps.count - 1)]
            let count = Int((Double(lower - upper) / gap).rounded())
            guard count > 1, Double(lower - upper) > 1.45 * gap else { return [] }
            return (1..<count).map { upper + (lower - upper) * $0 / count }
        }
        return (minima + parts).sorted()
    }

    /// The slices between the first and the last tenth, or so many voxels.
    private func bulk(_ end: Double) -> (low: Int, high: Int)? {
        let total = voxels
        let end = min(0.1 * total, end)
        var (sum, low, high) = (0.0, 0, slices.count - 1)
        for (index, slice) in slices.enumerated() {
            sum += slice.voxels
            if sum < end { low = index + 1 }
            if sum <= total - end { high = index }
        }
        return low < high ? (low, high) : nil
    }
}
