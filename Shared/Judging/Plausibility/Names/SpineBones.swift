import Anatomy
import Threads
import Volumes

/// The bones of a label map as things along a line, cut into pieces: each is a vertebra, a part of one, or none.
///
/// Where the network's names hang together, a thing is a component of one name. Where they do not (a network that sees
/// bone and does not know which), it is what touches, whatever the names, and is cut where it is narrow.
struct SpineBones: Sendable {
    let labelSet: LabelSet
    let map: ComponentMap
    let things: [SpineThing]
    /// From the head down.
    let pieces: [SpinePiece]
    /// Of each thing, from the head down: places in `pieces`.
    let piecesOfThing: [[Int]]
    /// By component.
    let thingOfPlace: [Int?]
    let line: SpineLine
    /// Whether names did not hang together.
    let ignoresNames: Bool

    /// The least that is a piece of its own, millilitres: crumbs belong to others.
    private static let crumb = 1.5
    private static let listing = 512

    /// Nil where the set's labels have no piece.
    init?(_ labels: Volume<UInt8>, labelSet: LabelSet, votes: LevelVotes?, pool: ComputePool) {
        let map = ComponentMap(labels, listing: Self.listing, pool: pool)
        let samples = SpineSample.samples(of: map, labelSet: labelSet)
        guard !samples.isEmpty else { return nil }
        let line = SpineLine(samples)
        let positions = samples.map { line.position(of: SIMD3<Double>($0.point)) }
        let millilitres = labels.geometry.voxelVolumeInCubicMillimetres / 1000
        let grouping = ThingGroups(map, labelSet: labelSet, crumb: Self.crumb / millilitres)
        let sacrum = labelSet.value(of: "sacrum")
        let thingOfPlace = grouping.thingOfPlace

        var ranges = [ClosedRange<Int>?](repeating: nil, count: grouping.count)
        var (beside, all) = (
            [Double](repeating: 0, count: grouping.count), [Double](repeating: 0, count: grouping.count)
        )
        for (sample, position) in zip(samples, positions) {
            guard let thing = thingOfPlace[Int(sample.place)] else { continue }
            let slice = Int(position.place.rounded(.down))
            ranges[thing] = ranges[thing].map { min($0.lowerBound, slice)...max($0.upperBound, slice) } ?? slice...slice
            all[thing] += Double(sample.voxels)
            if position.distance > SpineLine.widthInMillimetres { beside[thing] += Double(sample.voxels) }
        }
        var things = ranges.map { SpineThing(from: $0?.lowerBound ?? 0, through: $0?.upperBound ?? 0) }
        let cells = CellPlaces(votes, map)
        let voted = Set(cells.places.compactMap { thingOfPlace[$0] })
        for (sample, position) in zip(samples, positions) {
            guard let thing = thingOfPlace[Int(sample.place)] else { continue }
            things[thing].add(sample, at: position.place, distance: position.distance)
            if !voted.contains(thing) {
                things[thing].vote(sample.label, Double(sample.voxels), at: position.place)
            }
        }
        cells.forEach { cell, place in
            guard let thing = thingOfPlace[place] else { return }
            things[thing].add(cell, at: line.position(of: cell.point).place)
        }
        for (place, component) in map.components.enumerated() where component.touchesEdge(of: labels.geometry.size) {
            if let thing = thingOfPlace[place] { things[thing].isCut = true }
        }
        let size = Self.size(grouping, map, labelSet, millilitres)
        for thing in things.indices where grouping.label(of: thing) != sacrum || sacrum == nil {
            things[thing].cutIfTooLarge(
                labelSet: labelSet, size: size, voxelVolume: millilitres, always: grouping.ignoresNames)
        }
        // What lies beside the spine is none of it.
        let onLine = things.indices.filter { all[$0] > 0 && beside[$0] < 0.5 * all[$0] }
        let pieces = onLine.flatMap { things[$0].pieces(thing: $0, voxelVolume: millilitres) }
        guard !pieces.isEmpty else { return nil }
        let order = pieces.indices.sorted { (pieces[$0].place, $0) < (pieces[$1].place, $1) }
        var piecesOfThing = [[Int]](repeating: [], count: things.count)
        for (place, piece) in order.enumerated() { piecesOfThing[pieces[piece].thing].append(place) }
        self.labelSet = labelSet
        self.map = map
        self.things = things
        self.pieces = order.map { pieces[$0] }
        self.piecesOfThing = piecesOfThing
        self.thingOfPlace = thingOfPlace
        self.line = line
        ignoresNames = grouping.ignoresNames
    }

    /// The piece that holds what lies so far down the spine.
    func piece(ofThing thing: Int, at place: @autoclosure () -> Double) -> Int? {
        let pieces = piecesOfThing[thing]
        guard pieces.count > 1 else { return pieces.first }
        return pieces[min(things[thing].piece(at: place()), pieces.count - 1)]
    }

    /// The piece whose centre is the nearest to a point, RAS+ millimetres.
    func nearest(to point: SIMD3<Double>, of isMeant: (Int) -> Bool = { _ in true }) -> Int? {
        pieces.indices.filter(isMeant).min {
            (pieces[$0].centre - point).squaredLength < (pieces[$1].centre - point).squaredLength
        }
    }

    /// The middle one of the things' volumes over what is usual of their names.
    private static func size(_ groups: ThingGroups, _ map: ComponentMap, _ labelSet: LabelSet, _ millilitres: Double)
        -> Double
    {
        let ratios = map.components.indices.compactMap { place -> Double? in
            let one = map.components[place]
            guard groups.thingOfPlace[place] != nil, !one.touchesEdge(of: map.labels.geometry.size),
                let level = labelSet.label(of: one.label).flatMap({ SpineLevel(name: $0.name) }), level != .sacrum
            else { return nil }
            return Double(one.voxels) * millilitres / level.volumeInMillilitres
        }.sorted()
        return ratios.isEmpty ? 1 : min(max(ratios[ratios.count / 2], 0.3), 2)
    }
}

/// Which components make one thing.
private struct ThingGroups: Sendable {
    let thingOfPlace: [Int?]
    let count: Int
    let ignoresNames: Bool
    private let labels: [UInt8]

    /// The network's name, where the thing has one.
    func label(of thing: Int) -> UInt8? { ignoresNames && labels[thing] == 0 ? nil : labels[thing] }

    /// - Parameter crumb: voxels of the least thing.
    init(_ map: ComponentMap, labelSet: LabelSet, crumb: Double) {
        let known = map.components.indices.filter { labelSet.label(of: map.components[$0].label) != nil }
        let large = known.filter { place in
            let one = map.components[place]
            // Of a vertebra that the field of view cuts, little may be there.
            let isCut = one.touchesEdge(of: map.labels.geometry.size) && map[one.label]?.listed.lowerBound == place
            return Double(one.voxels) >= (isCut ? 0.2 : 1) * crumb
        }
        let all = labelSet.labels.reduce(0) { $0 + (map[$1.value]?.voxels ?? 0) }
        let held = large.reduce(0) { $0 + map.components[$1].voxels }
        // A spine of 25 bones in more than two pieces each, or in crumbs: names do not hang together.
        ignoresNames = large.count > 50 || Double(held) < 0.8 * Double(all)
        var things = [Int?](repeating: nil, count: map.components.count)
        guard ignoresNames else {
            for (thing, place) in large.enumerated() { things[place] = thing }
            (thingOfPlace, count, labels) = (things, large.count, large.map { map.components[$0].label })
            return
        }
        let sacrum = labelSet.value(of: "sacrum")
        let alone = Set(
            large.filter { map.components[$0].label == sacrum && Double(map.components[$0].voxels) >= 5 * crumb })
        let contacts = FragmentContacts(map) { labelSet.label(of: map.components[$0].label) != nil }
        var groups = Array(map.components.indices)
        func root(_ place: Int) -> Int {
            var place = place
            while groups[place] != place { place = groups[place] }
            return place
        }
        for place in known where !alone.contains(place) {
            for other in contacts.faces[place].keys where other >= 0 && !alone.contains(other) {
                let (one, two) = (root(place), root(other))
                groups[max(one, two)] = min(one, two)
            }
        }
        var voxels = [Int](repeating: 0, count: groups.count)
        for place in known { voxels[root(place)] += map.components[place].voxels }
        var (number, labels): ([Int: Int], [UInt8]) = ([:], [])
        for place in known where Double(voxels[root(place)]) >= crumb {
            let group = root(place)
            if number[group] == nil {
                number[group] = labels.count
                labels.append(alone.contains(place) ? map.components[place].label : 0)
            }
            things[place] = number[group]
        }
        (thingOfPlace, count, self.labels) = (things, labels.count, labels)
    }
}

/// In which component the cells of votes lie.
private struct CellPlaces {
    private let cells: [(cell: LevelVotes.Cell, place: Int)]
    let places: Set<Int>

    init(_ votes: LevelVotes?, _ map: ComponentMap) {
        let geometry = map.labels.geometry
        guard let votes, geometry.affine.isInvertible else {
            (cells, places) = ([], [])
            return
        }
        let inverse = geometry.affine.inverse
        var byPlane = [[(i: Int, j: Int, cell: Int)]](repeating: [], count: geometry.size[2])
        for (number, cell) in votes.cells.enumerated() {
            let index = inverse.applied(to: cell.point).rounded(.toNearestOrAwayFromZero)
            let voxel = (0..<3).map { Int(min(max(index[$0], 0), Double(geometry.size[$0] - 1))) }
            byPlane[voxel[2]].append((voxel[0], voxel[1], number))
        }
        var found: [(LevelVotes.Cell, Int)] = []
        map.forEachPlane { k, plane, _ in
            for (i, j, cell) in byPlane[k] {
                guard let run = plane.runs(ofRow: j).first(where: { plane.starts[$0] <= i && i < plane.ends[$0] }),
                    let place = map.place(ofRun: plane.base + run)
                else { continue }
                found.append((votes.cells[cell], place))
            }
        }
        cells = found
        places = Set(found.map(\.1))
    }

    func forEach(_ body: (LevelVotes.Cell, Int) -> Void) { for one in cells { body(one.cell, one.place) } }
}
