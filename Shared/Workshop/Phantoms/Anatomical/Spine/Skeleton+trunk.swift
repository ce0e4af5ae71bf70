import Statistics
import Volumes

/// What hangs on the spine.
extension Skeleton {
    /// Hips as they sit on the sacrum of their set.
    mutating func addPelvis(_ bank: ShapeBank) {
        guard let hip = bank.index(source: "lumbosacral-vhm", name: "hip_right") else { return }
        for isLeft in [false, true] {
            others.append(
                PlacedBone(
                    bank, hip, value: BoneKind.hip.rawValue, frame: sacrum.frame, scale: sacrum.scale,
                    isMirrored: isLeft))
        }
    }

    /// The middles of the femurs' heads, right and left.
    var hipJoints: [Point] { [Point(87, 67, -82), Point(-87, 67, -82)].map { sacrum.world($0) } }

    /// Each rib partly on its vertebra, partly with the thorax as a whole, else ribs fan out on a bent spine; then moved
    /// until its head is about 1 mm off the bone.
    mutating func addThorax(_ bank: ShapeBank, _ random: inout SplitMix64) {
        let names = Donors.names[7..<19]
        let there = names.compactMap { bank.catalogue.thorax[$0]?.frame }
        guard there.count == 12 else { return }
        let here = vertebrae[7..<19].map(\.frame)
        let (from, to) = (Self.whole(there), Self.whole(here))
        let thoraxSize = (here[0].origin - here[11].origin).length / (there[0].origin - there[11].origin).length
        let shape = Point(
            thoraxSize * (1 + 0.05 * random.normal()), thoraxSize * (1 + 0.06 * random.normal()), thoraxSize)
        // Ribs of the last pair may be short or missing, and the first of the loins may have some.
        let lowest = random.chance(4) ? 10 : random.chance(4) ? 12 : 11
        bank.voxels.withUnsafeBufferPointer { grids in
            guard let grids = grids.baseAddress else { return }
            for number in 0...lowest {
                guard let index = bank.index(source: "myo-sim", name: "rib_right_\(min(number, 11) + 1)") else {
                    continue
                }
                let vertebra = vertebrae[7 + number]
                let whole = to.placed(from.inverse.placed(there[min(number, 11)]))
                var frame = vertebra.frame.turned(to: whole, share: 0.65)
                frame.origin = vertebra.frame.origin
                let shape = number == 12 ? shape * 0.75 : shape
                for isLeft in [false, true] {
                    var rib = PlacedBone(
                        bank, index, value: BoneKind.rib.rawValue, frame: frame, scale: shape, isMirrored: isLeft,
                        skin: 0.8)
                    seat(&rib, number: number, bank, grids)
                    others.append(rib)
                }
            }
        }
        for (name, kind, isPair) in [
            ("sternum_and_costal_cartilage", BoneKind.sternum, false), ("scapula_right", .shoulder, true),
            ("clavicle_right", .shoulder, true),
        ] {
            guard let index = bank.index(source: "myo-sim", name: name) else { continue }
            let level = kind == .sternum ? 4 : name == "scapula_right" ? 2 : 0
            var frame = to.placed(from.inverse.placed(there[level]))
            frame.origin = to.world(from.local(there[level].origin) * shape)
            for isLeft in isPair ? [false, true] : [false] {
                others.append(
                    PlacedBone(bank, index, value: kind.rawValue, frame: frame, scale: shape, isMirrored: isLeft))
            }
        }
    }

    /// One frame for twelve vertebrae.
    private static func whole(_ frames: [Frame]) -> Frame {
        let middle = frames.reduce(Point.zero) { $0 + $1.origin } / Float(frames.count)
        let front = frames.reduce(Point.zero) { $0 + $1.front }
        return Frame(origin: middle, up: frames[0].origin - frames[frames.count - 1].origin, forward: front)
    }

    private func seat(_ rib: inout PlacedBone, number: Int, _ bank: ShapeBank, _ grids: UnsafePointer<Int8>) {
        let points = Self.surface(bank, of: rib)
        guard let head = points.min(by: { $0.x < $1.x }) else { return }
        let near = points.filter { ($0 - head).length < 40 }
        let bones = [6 + number, 7 + number, 8 + number].filter { $0 < 24 }.map { vertebrae[$0].sampler(grids) }
        let away = vertebrae[7 + number].frame.turned(Point(rib.isMirrored ? -0.97 : 0.97, -0.24, 0))
        for _ in 0..<6 {
            var nearest: Float = 100
            for point in near {
                let place = rib.world(point)
                for bone in bones { nearest = min(nearest, bone.distance(place) - rib.skin) }
            }
            if nearest > 0.4, nearest < 1.6 { return }
            rib.frame.origin += away * min(max(1 - nearest, -4), 4)
        }
    }

    /// Up until the occiput is off the lateral masses of C1.
    mutating func addSkull(_ bank: ShapeBank) {
        guard let index = bank.index(source: "myo-sim", name: "skull") else { return }
        let atlas = vertebrae[0]
        let scale = min(atlas.size * atlas.bone.halfWidth / 37, 1.12)
        var skull = PlacedBone(
            bank, index, value: BoneKind.skull.rawValue, frame: atlas.frame, scale: Point(scale, scale, scale))
        let points = Self.surface(bank, of: atlas).map { atlas.world($0) }
        bank.voxels.withUnsafeBufferPointer { grids in
            guard let grids = grids.baseAddress else { return }
            for _ in 0..<8 {
                let sampler = skull.sampler(grids)
                let distances = points.map { sampler.distance($0) }.sorted()
                let nearest = distances[distances.count / 200]
                if nearest > 0.8 { break }
                skull.frame.origin += atlas.frame.up * min(2, 1.2 - nearest)
            }
        }
        others.append(skull)
    }
}
