import Surfaces
import Synchronization
import Threads
import Volumes

/// All distances between the surfaces of one label in truth and prediction, both of which must have it.
///
/// Takes 5.2 bytes for each voxel of the box around both, and one surface's vertices at most once more (4 bytes each,
/// up to an eighth of the box).
struct SurfaceComparison: Sendable {
    let label: UInt8
    let pair: LabelPair
    let box: LabelBox
    let options: MetricOptions

    struct Result: Sendable {
        var voxelSurface: SurfaceDistances?
        var meshSurface: SurfaceDistances?
        var agreement: [SurfaceAgreement]
    }

    /// Distances come with rounding, and spacings of oblique grids too: 1.5 mm is within 1.5 mm however it was
    /// computed.
    private static let slack = 1 + 1e-6

    private var cells: SurfaceCells { SurfaceCells(box: box, size: pair.truth.geometry.size) }

    /// Slices are summed up in pieces that depend on the box only, so that sums do not depend on the number of threads.
    private var slicesPerPiece: Int { cells.count > 1 << 18 ? (cells.size.z + 31) / 32 : cells.size.z }
    private var pieces: Int { (cells.size.z + slicesPerPiece - 1) / slicesPerPiece }

    private func slices(of piece: Int, in map: SiteMap) -> Range<Int> {
        min(map.size.z, piece * slicesPerPiece)..<min(map.size.z, (piece + 1) * slicesPerPiece)
    }

    func run(pool: ComputePool) -> Result {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: cells.count) {
            run(pool: pool, DistanceField(SharedPointer($0)))
        }
    }

    private func run(pool: ComputePool, _ field: DistanceField) -> Result {
        var field = field
        var map = SiteMap(boundaryOf: label, in: pair, box: box, pool: pool)
        var boundary: [Side: (distances: DirectedDistances?, within: [Double])] = [:]
        for side in Side.allCases {
            field.measure(from: side, in: map, frame: pair.frame, pool: pool)
            boundary[side] = (
                tally(side, map, field, pool),
                shares(side, map, field, pool) { _, _, _ in 1 }.map { $0.within / $0.all }
            )
        }
        let cells = cells
        map.become(cells, of: label, in: pair, pool: pool)
        let areas = CubeAreas(frame: pair.frame)
        var surface = [AreaShare](repeating: AreaShare(), count: options.tolerancesInMillimetres.count)
        var mesh: [Side: DirectedDistances] = [:]
        for side in Side.allCases {
            field.measure(from: side, in: map, frame: pair.frame, pool: pool)
            let own = shares(side, map, field, pool) { [label, pair] i, j, k in
                areas.area(
                    of: label, in: pair[side].voxels.span, size: pair.size, at: cells.first &+ SIMD3(i, j, k))
            }
            for place in own.indices { surface[place].add(own[place]) }
            if options.measuresMeshes { mesh[side] = meshDistances(side, map, field, cells, pool) }
        }
        return Result(
            voxelSurface: SurfaceDistances(boundary[.truth]?.distances, boundary[.prediction]?.distances),
            meshSurface: SurfaceDistances(mesh[.truth], mesh[.prediction]),
            agreement: options.tolerancesInMillimetres.indices.map { place in
                let (recall, precision) = (
                    boundary[.truth]?.within[place] ?? 0, boundary[.prediction]?.within[place] ?? 0
                )
                return SurfaceAgreement(
                    toleranceInMillimetres: options.tolerancesInMillimetres[place],
                    boundaryF1: precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0,
                    normalizedSurfaceDice: surface[place].within / surface[place].all)
            })
    }

    private func tally(_ side: Side, _ map: SiteMap, _ field: DistanceField, _ pool: ComputePool) -> DirectedDistances?
    {
        DistanceTally(pieces: pieces, unit: field.unit, pool: pool) { piece, take in
            for k in slices(of: piece, in: map) {
                map.forEachSite(of: side, slice: k) { place, _, _ in take(field[place]) }
            }
        }.distances()
    }

    // MARK: - Shares within the tolerances

    private struct AreaShare: Sendable {
        var within = 0.0
        var all = 0.0

        mutating func add(_ other: AreaShare) {
            within += other.within
            all += other.all
        }
    }

    /// What weighs how much of one side lies within each tolerance of the other.
    private func shares(
        _ side: Side, _ map: SiteMap, _ field: DistanceField, _ pool: ComputePool,
        weight: @escaping @Sendable (Int, Int, Int) -> Double
    ) -> [AreaShare] {
        let limits = options.tolerancesInMillimetres.map { limit in
            let steps = limit / field.unit * Self.slack
            return Float(steps * steps)
        }
        let none = [AreaShare](repeating: AreaShare(), count: limits.count)
        let sums = Mutex([[AreaShare]](repeating: none, count: pieces))
        pool.forEach(count: pieces) { piece in
            var own = none
            for k in slices(of: piece, in: map) {
                map.forEachSite(of: side, slice: k) { place, i, j in
                    let weight = weight(i, j, k)
                    for limit in limits.indices {
                        own[limit].add(AreaShare(within: field[place] <= limits[limit] ? weight : 0, all: weight))
                    }
                }
            }
            sums.withLock { [own] in $0[piece] = own }
        }
        return sums.withLock { $0 }.reduce(into: none) { all, piece in
            for limit in limits.indices { all[limit].add(piece[limit]) }
        }
    }

    // MARK: - Marching-cubes surfaces

    /// From the vertices of one side's surface to the nearest points of the other's.
    ///
    /// `field` tells from every cell how far the nearest cell is that the other surface passes: no vertex has to look
    /// farther than that and twice half a cell's diagonal.
    private func meshDistances(
        _ side: Side, _ map: SiteMap, _ field: DistanceField, _ cells: SurfaceCells, _ pool: ComputePool
    ) -> DirectedDistances? {
        let other = LabelSurface(
            of: label, in: pair[side.other], cells: cells, sites: map.sites, bit: side.other.rawValue)
        let vertices = SurfaceVertices(label: label, side: side, pair: pair, cells: cells)
        let reach = pair.frame.diagonal * Self.slack
        let search: DistanceTally.Piece = { piece, take in
            for k in slices(of: piece, in: map) {
                vertices.forEach(slice: k) { point, cell, isShared in
                    if isShared { return take(0) }
                    let near = Double(field[cell]).squareRoot() * field.unit + reach
                    let distance = other.distance(from: point, below: near)
                    take(Float(distance * distance))
                }
            }
        }
        let counts = Mutex([Int](repeating: 0, count: pieces))
        pool.forEach(count: pieces) { piece in
            var count = 0
            for k in slices(of: piece, in: map) { vertices.forEach(slice: k) { _, _, _ in count += 1 } }
            counts.withLock { [count] in $0[piece] = count }
        }
        let expected = counts.withLock { $0 }
        // Dust has more vertices than there is memory for: their distances are found twice instead of being kept.
        guard expected.reduce(0, +) <= cells.count / 8 else {
            return DistanceTally(pieces: pieces, unit: 1, pool: pool, each: search).distances()
        }
        let found = Mutex([[Float]](repeating: [], count: pieces))
        pool.forEach(count: pieces) { piece in
            var own: [Float] = []
            own.reserveCapacity(expected[piece])
            search(piece) { own.append($0) }
            found.withLock { [own] in $0[piece] = own }
        }
        let kept = found.withLock { $0 }
        return DistanceTally(pieces: pieces, unit: 1, pool: pool) { piece, take in kept[piece].forEach(take) }
            .distances()
    }
}

extension SurfaceDistances {
    fileprivate init?(_ there: DirectedDistances?, _ back: DirectedDistances?) {
        guard let there, let back else { return nil }
        self.init(truthToPredicted: there, predictedToTruth: back)
    }
}
