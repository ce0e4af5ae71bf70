import Synchronization
import Threads
import Volumes

/// Sums up squared distances piece by piece: the same results for any number of threads, in any order of pieces.
///
/// Percentiles come from counting, not from sorting: non-negative floats order as their bits do, so that one pass over
/// the upper 16 bits and one over the lower ones find any rank exactly, whatever their number.
struct DistanceTally {
    /// Gives the squared distances of a piece, the same ones each time it is called.
    typealias Piece = @Sendable (_ piece: Int, _ take: (Float) -> Void) -> Void

    private let pieces: Int
    private let unit: Double
    private let pool: ComputePool
    private let each: Piece

    /// - Parameters:
    ///   - pieces: must not depend on `pool`.
    ///   - unit: what a distance of 1 is in mm.
    init(pieces: Int, unit: Double, pool: ComputePool, each: @escaping Piece) {
        self.pieces = pieces
        self.unit = unit
        self.pool = pool
        self.each = each
    }

    /// Nil if there are none.
    func distances() -> DirectedDistances? {
        let sums = Mutex([Sums](repeating: Sums(), count: pieces))
        let upper = Mutex([Int](repeating: 0, count: 1 << 16))
        pool.forEach(count: pieces) { piece in
            var (own, counts) = (Sums(), [Int](repeating: 0, count: 1 << 16))
            each(piece) { squared in
                own.add(squared)
                counts[Int(squared.bitPattern >> 16)] += 1
            }
            sums.withLock { [own] in $0[piece] = own }
            upper.withLock { for (bucket, count) in counts.enumerated() where count != 0 { $0[bucket] += count } }
        }
        // Piece after piece: sums of fractions depend on their order.
        let all = sums.withLock { $0.reduce(into: Sums()) { $0.add($1) } }
        guard all.count > 0 else { return nil }
        let position = 0.95 * Double(all.count - 1)
        let ranks = [Int(position), min(Int(position) + 1, all.count - 1)]
        let neighbours = values(at: ranks, upper: upper.withLock { $0 }).map { Double($0).squareRoot() }
        let percentile = neighbours[0] + (neighbours[1] - neighbours[0]) * (position - position.rounded(.down))
        return DirectedDistances(
            maximum: Double(all.largest).squareRoot() * unit, percentile95: percentile * unit,
            mean: all.distances / Double(all.count) * unit,
            rootMeanSquare: (all.squares / Double(all.count)).squareRoot() * unit, points: all.count)
    }

    private struct Sums: Sendable {
        var count = 0
        var distances = 0.0
        var squares = 0.0
        var largest: Float = 0

        mutating func add(_ squared: Float) {
            count += 1
            distances += Double(squared).squareRoot()
            squares += Double(squared)
            largest = max(largest, squared)
        }

        mutating func add(_ other: Sums) {
            count += other.count
            distances += other.distances
            squares += other.squares
            largest = max(largest, other.largest)
        }
    }

    /// The values of these ranks (0 is the least), from how many values have which upper bits.
    private func values(at ranks: [Int], upper: [Int]) -> [Float] {
        let places = ranks.map { Self.place(of: $0, in: upper) }
        let buckets = Set(places.map(\.bucket)).sorted()
        let lower = Mutex([[Int]](repeating: [Int](repeating: 0, count: 1 << 16), count: buckets.count))
        pool.forEach(count: pieces) { piece in
            var counts = [[Int]](repeating: [Int](repeating: 0, count: 1 << 16), count: buckets.count)
            each(piece) { squared in
                for (place, bucket) in buckets.enumerated() where Int(squared.bitPattern >> 16) == bucket {
                    counts[place][Int(squared.bitPattern & 0xFFFF)] += 1
                }
            }
            lower.withLock { lower in
                for place in buckets.indices {
                    for (bits, count) in counts[place].enumerated() where count != 0 { lower[place][bits] += count }
                }
            }
        }
        let counts = lower.withLock { $0 }
        return places.map { place in
            let own = counts[buckets.firstIndex(of: place.bucket) ?? 0]
            return Float(bitPattern: UInt32(place.bucket << 16 | Self.place(of: place.rank, in: own).bucket))
        }
    }

    /// In which bucket a rank falls, and its rank there.
    private static func place(of rank: Int, in counts: [Int]) -> (bucket: Int, rank: Int) {
        var left = rank
        for (bucket, count) in counts.enumerated() {
            if left < count { return (bucket, left) }
            left -= count
        }
        preconditionFailure("rank \(rank) of \(counts.reduce(0, +)) values")
    }
}
