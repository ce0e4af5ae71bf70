import Volumes

/// Neighbours that neither cut into each other nor float.
extension Skeleton {
    /// Between any two bones, mm.
    static let play: Float = 1

    /// A small move along and about a bone's own axes.
    private struct Move {
        var forward: Float = 0
        var up: Float = 0
        var tip: Float = 0

        func applied(to frame: Frame) -> Frame {
            var moved = frame.tipped(tip)
            moved.origin += frame.front * forward + frame.up * up
            return moved
        }
    }

    /// From the loins upwards: each moved a little up, down, forward or back, or tipped, until it fits on the one below.
    mutating func seatVertebrae(_ bank: ShapeBank, _ grids: UnsafePointer<Int8>) {
        for level in (0..<23).reversed() {
            let (low, here) = (vertebrae[level + 1].sampler(grids), vertebrae[level])
            let near = Self.surface(bank, of: here).filter { low.distance(here.world($0)) < 6 }
            guard near.count >= 6 else { continue }
            var best = (cost: Float.greatestFiniteMagnitude, move: Move())
            for up: Float in [-1.5, 0, 1.5] {
                for forward: Float in [-1.5, 0, 1.5] {
                    for tip: Float in [-0.09, 0, 0.09] {
                        let move = Move(forward: forward, up: up, tip: tip)
                        var moved = here
                        moved.frame = move.applied(to: here.frame)
                        let distances = near.map { low.distance(moved.world($0)) }
                        let cut = distances.reduce(0) { $0 + min($1 - Self.play, 0) * min($1 - Self.play, 0) } / 8
                        let float = max((distances.min() ?? 0) - 1.5, 0)
                        let cost =
                            cut + float * float + 0.25 * (up * up + forward * forward) + 400 * tip * tip
                        if cost < best.cost { best = (cost, move) }
                    }
                }
            }
            let moved = best.move.applied(to: here.frame)
            // C1 goes with C2.
            if level == 1 { vertebrae[0].frame.origin += moved.origin - here.frame.origin }
            vertebrae[level].frame = moved
        }
    }

    /// The sacrum clear of the facets of L5.
    mutating func seatSacrum(_ bank: ShapeBank, _ grids: UnsafePointer<Int8>) {
        let points = Self.surface(bank, of: vertebrae[23]).map { vertebrae[23].world($0) }
        var best = (cost: Float.greatestFiniteMagnitude, move: Move())
        for up: Float in [-2.5, -1.5, -0.5, 0.5] {
            for forward: Float in [-3, -1.5, 0, 1.5, 3] {
                for tip: Float in [-0.14, -0.07, 0, 0.07, 0.14] {
                    let move = Move(forward: forward, up: up, tip: tip)
                    var moved = sacrum
                    moved.frame = move.applied(to: sacrum.frame)
                    let sampler = moved.sampler(grids)
                    let cut = points.reduce(Float(0)) {
                        let depth = min(sampler.distance($1) - 0.6, 0)
                        return $0 + depth * depth
                    }
                    let cost = cut / 3 + 0.4 * (up * up + 0.5 * forward * forward) + 150 * tip * tip
                    if cost < best.cost { best = (cost, move) }
                }
            }
        }
        sacrum.frame = best.move.applied(to: sacrum.frame)
    }

    /// Some nodes of its surface, in the bone's own frame.
    static func surface(_ bank: ShapeBank, of bone: PlacedBone) -> [Point] {
        guard let index = bank.index(source: bone.bone.source, name: bone.bone.name) else { return [] }
        return bank.surfaces[index]
    }
}
