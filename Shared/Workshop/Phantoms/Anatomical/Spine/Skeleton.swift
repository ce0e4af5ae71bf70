import Statistics
import Volumes

/// The bones of one scene at their places: the spine on a drawn line, and what hangs on it.
struct Skeleton: Sendable {
    let line: SpineLine
    /// C1 to L5.
    var vertebrae: [PlacedBone]
    var sacrum: PlacedBone
    var others: [PlacedBone] = []
    /// Size of the body against the mean.
    let size: Float
    /// Middles of the 24 bodies and of five parts of the sacrum, downwards.
    var origins: [Point] {
        vertebrae.map(\.frame.origin) + Self.sacralParts.map { sacrum.world($0) }
    }

    private static let sacralParts = [
        Point(0, -4, -12), Point(0, -18, -36), Point(0, -32, -66), Point(0, -37, -90), Point(0, -32, -110),
    ]

    init(_ bank: ShapeBank, _ random: inout SplitMix64) {
        line = SpineLine(bank, &random)
        size = line.size
        let donors = Donors(bank, &random)
        let isMirrored = random.chance(50)
        vertebrae = Self.placed(bank, line, donors, isMirrored: isMirrored, &random)
        sacrum = Self.sacrum(bank, below: vertebrae[23], donors, random.value(in: -1...1))
        bank.voxels.withUnsafeBufferPointer { grids in
            guard let grids = grids.baseAddress else { return }
            seatSacrum(bank, grids)
            seatVertebrae(bank, grids)
        }
        vary(&random)
        addPelvis(bank)
        addThorax(bank, &random)
        addSkull(bank)
    }

    /// Every donor scaled so that its height fits the gaps of the line around it and its width those farther off.
    private static func placed(
        _ bank: ShapeBank, _ line: SpineLine, _ donors: Donors, isMirrored: Bool, _ random: inout SplitMix64
    ) -> [PlacedBone] {
        let points = line.points
        let gaps = zip(points, points.dropFirst()).map { ($0 - $1).length }
        var ratios: [Float] = [0]
        for level in 1..<24 {
            let around = level == 1 ? gaps[1] : level == 23 ? gaps[22] : (gaps[level - 1] + gaps[level]) / 2
            ratios.append(around / donors.gap(level))
        }
        ratios[0] = ratios[1]
        let tangents = line.tangents
        let girth = 1 + 0.05 * random.normal()
        var placed = points.indices.map { level in
            let around = ratios[max(0, level - 3)...min(23, level + 3)]
            let smooth = around.reduce(0, +) / Float(around.count)
            let broad = min(max(smooth, 0.75), 1.35) * girth * (1 + 0.02 * random.normal())
            let high = min(max(ratios[level], 0.72), 1.4)
            return PlacedBone(
                bank, donors.bones[level], value: UInt8(level + 1),
                frame: Frame(origin: points[level], up: tangents[max(level, 1)]), scale: Point(broad, broad, high),
                isMirrored: isMirrored)
        }
        // C1's point lies before its ring: it rides on C2 as in its set.
        if let next = placed[0].bone.next, placed[0].bone.source == placed[1].bone.source {
            let below = Frame(origin: Point(next.offset) * placed[1].scale, columns: next.axes)
            let own = isMirrored ? below.mirrored : below
            placed[0].frame = placed[1].frame.placed(own.inverse)
            placed[0].scale = placed[1].scale
        }
        return placed
    }

    /// On L5 as in the set that has both; the disc keeps its height.
    private static func sacrum(_ bank: ShapeBank, below lowest: PlacedBone, _ donors: Donors, _ tip: Float)
        -> PlacedBone
    {
        guard let index = bank.index(source: "lumbosacral-vhm", name: "sacrum"),
            let base = bank.index(source: "lumbosacral-vhm", name: "L5").map({ bank.catalogue.bones[$0] }),
            let next = base.next, let body = base.body
        else { preconditionFailure("the bank has no sacrum with its L5") }
        let here = lowest.bone.body ?? body
        let width = min(max(lowest.scale.x * here.width / body.width, 0.8), 1.15)
        var offset = Point(next.offset) * width
        offset.z += width * body.down - lowest.scale.z * here.down
        let own = Frame(origin: offset, columns: next.axes).tipped(radians(tip * 6))
        return PlacedBone(
            bank, index, value: 25, frame: lowest.frame.placed(own),
            scale: Point(width * (1 + 0.07 * tip), width, width * (1 - 0.07 * tip)))
    }

    /// What differs from patient to patient beyond size: longer and shorter processes, wedged bodies, grown rims.
    private mutating func vary(_ random: inout SplitMix64) {
        let (aside, behind) = (1 + 0.1 * random.normal(), 1 + 0.1 * random.normal())
        let isOld = random.chance(35)
        for level in vertebrae.indices.dropFirst(2) {
            vertebrae[level].processes = SIMD2(
                min(max(aside + 0.05 * random.normal(), 0.75), 1.3),
                min(max(behind + 0.05 * random.normal(), 0.75), 1.3))
            if isOld, random.chance(40) { vertebrae[level].lips = random.value(in: 0.5...4) }
            if random.chance(isOld ? 4 : 0.5), level > 8 { vertebrae[level].wedge = random.value(in: 0.15...0.5) }
        }
    }
}
