import Volumes

/// The soft parts that lie in and between the vertebrae, painted over the body.
struct SoftParts {
    /// A flat round body.
    private struct Disc {
        var frame: Frame
        var width: Float
        var depth: Float
        var half: Float
    }

    private let discs: [Disc]
    /// Tubes of the canal from C1 down, and whether the cord still runs in them.
    private let canal: [(tube: Tube, holdsCord: Bool)]

    init(_ skeleton: Skeleton) {
        var discs: [Disc] = []
        for level in 1..<24 {
            let upper = skeleton.vertebrae[level]
            guard let body = upper.bone.body else { continue }
            let top = upper.world(Point(0, 0, -body.down))
            let below =
                level < 23
                ? skeleton.vertebrae[level + 1].bone.body.map {
                    skeleton.vertebrae[level + 1].world(Point(0, 0, $0.up))
                }
                : skeleton.sacrum.world(.zero)
            guard let bottom = below else { continue }
            // C2's width is that of its processes.
            let width = level == 1 ? 0.5 * body.width : body.width
            discs.append(
                Disc(
                    frame: Frame(origin: (top + bottom) / 2, up: upper.frame.up, forward: upper.frame.front),
                    width: width * 0.5 * upper.scale.x, depth: body.depth * 0.5 * upper.scale.y,
                    half: (top - bottom).length / 2 + 1.5))
        }
        self.discs = discs
        var middles: [(place: Point, radius: Float)] = skeleton.vertebrae.enumerated().map { level, vertebra in
            guard let canal = vertebra.bone.canal, level > 0 else { return (vertebra.world(Point(0, -6, 0)), 9) }
            let radius = min(max((canal[0] - canal[1]) / 2 * vertebra.scale.y + 0.5, 5.5), 10)
            return (vertebra.world(Point(0, (canal[0] + canal[1]) / 2, 0)), radius)
        }
        middles.insert((middles[0].place + skeleton.vertebrae[0].frame.up * 40, 9), at: 0)
        middles.append((skeleton.sacrum.world(Point(0, -24, -14)), 8))
        middles.append((skeleton.sacrum.world(Point(0, -36, -45)), 5))
        canal = zip(middles, middles.dropFirst()).enumerated().map { index, ends in
            (Tube(from: ends.0.place, to: ends.1.place, radius: (ends.0.radius + ends.1.radius) / 2), index < 21)
        }
    }

    func paint(_ tissues: Samples<UInt8>, in window: SceneWindow, at places: Places) {
        for disc in discs {
            let reach = Point(disc.width, disc.depth, disc.half + 2)
            let corners = Point.corners.map { disc.frame.world(reach * $0) }
            each(corners, window, places) { voxel, place in
                let own = disc.frame.local(place)
                if abs(own.z) < disc.half, ellipseDistance(own.x, own.y, disc.width, disc.depth) < 0 {
                    tissues[voxel] = Tissue.disc.rawValue
                }
            }
        }
        for (tube, holdsCord) in canal {
            each(tube.corners, window, places) { voxel, place in
                let distance = capsuleDistance(place, tube.from, tube.to, tube.radius)
                guard distance < 0 else { return }
                tissues[voxel] =
                    distance < -1.2
                    ? (holdsCord && distance < -tube.radius * 0.45 ? Tissue.cord : .fluid).rawValue
                    : Tissue.visceralFat.rawValue
            }
        }
    }

    @inline(__always)
    private func each(
        _ corners: [Point], _ window: SceneWindow, _ places: Places, _ body: (Int, Point) -> Void
    ) {
        guard let box = window.box(around: corners, margin: places.margin) else { return }
        for k in box.low[2]...box.high[2] {
            for j in box.low[1]...box.high[1] {
                let row = (k * window.size[1] + j) * window.size[0]
                for voxel in row + box.low[0]...row + box.high[0] { body(voxel, places[voxel]) }
            }
        }
    }
}
