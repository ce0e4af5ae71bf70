import Surfaces
import Synchronization
import Threads
import Volumes

/// How far places of one kind are from the nearest of another, on a box of a grid.
///
/// Squared distances are kept, in `unit` mm, as single precision: exact for whole numbers of equal voxels, else right
/// to 1e-7 of the distance.
struct DistanceField: Sendable {
    /// By place in the map; only what was asked for is ever written or read, so that memory is taken for no more than
    /// that.
    let squared: SharedPointer<Float>
    private(set) var unit = 1.0

    /// `squared` needs room for as many places as maps will have.
    init(_ squared: SharedPointer<Float>) {
        self.squared = squared
    }

    subscript(place: Int) -> Float { squared.base[place] }

    /// Fills in the places of `map` that `queries` marks: from each, the way to the nearest that `queries.other` marks.
    /// The rest is undefined.
    ///
    /// Few places in a large box are looked up one by one, many by a transform of the box; a grid with shear has no
    /// transform.
    mutating func measure(from queries: Side, in map: SiteMap, frame: GridFrame, pool: ComputePool) {
        if frame.isOrthogonal, map.count(of: queries, pool: pool) * 128 > map.sites.count {
            unit = frame.spacing.x
            let transform = DistanceTransform(map: map, sites: queries.other, stepsSquared: frame.relativeStepsSquared)
            transform.run(at: queries, in: squared, pool: pool)
        } else {
            unit = 1
            let pyramid = OccupancyPyramid(size: map.size, sites: map.sites, bits: queries.other.rawValue, frame: frame)
            pool.forEach(count: map.size.z) { [squared] k in
                map.forEachSite(of: queries, slice: k) { place, i, j in
                    squared.base[place] = Float(pyramid.squaredDistanceOfCentres(from: SIMD3(i, j, k), frame: frame))
                }
            }
        }
    }
}

extension GridFrame {
    /// The squares of the steps' lengths in units of the first; 1 for each where voxels are cubes.
    fileprivate var relativeStepsSquared: SIMD3<Double> {
        let steps = spacing / spacing.x
        return steps * steps
    }
}

extension SiteMap {
    func count(of side: Side, pool: ComputePool) -> Int {
        let total = Atomic(0)
        pool.forEach(count: size.z) { k in
            var count = 0
            forEachSite(of: side, slice: k) { _, _, _ in count += 1 }
            total.add(count, ordering: .relaxed)
        }
        return total.load(ordering: .relaxed)
    }

    /// The places of one side in slice k: their positions in `sites`, i and j, in ascending order.
    func forEachSite(of side: Side, slice k: Int, _ body: (_ place: Int, _ i: Int, _ j: Int) -> Void) {
        for j in 0..<size.y {
            let row = size.x * (j + size.y * k)
            let marks = sites.span.extracting(row..<row + size.x)
            var i = ByteRow.next(bits: side.rawValue, in: marks, from: 0, to: size.x)
            while i < size.x {
                body(row + i, i, j)
                i = ByteRow.next(bits: side.rawValue, in: marks, from: i + 1, to: size.x)
            }
        }
    }
}
