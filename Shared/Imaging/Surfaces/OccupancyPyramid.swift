/// Which cells of a grid hold something, as bits of ever coarser cubes of 4×4×4: finds what is nearest to a point while
/// looking at little else.
///
/// It takes an eighth of a byte a cell, wherever and however many they are.
package struct OccupancyPyramid: Sendable {
    private struct Level: Sendable {
        /// Words along each axis; a word's bit x + 4y + 16z is the cell (or the word of the level below) at that place
        /// in its cube.
        let size: SIMD3<Int>
        /// The first word's place among all.
        let first: Int

        var end: Int { first + size.x * size.y * size.z }
    }

    /// Finest first; the last has one word.
    private let levels: [Level]
    private let words: [UInt64]
    /// The squares of what a step of one cell along each axis adds at least, in mm².
    private let stepsSquared: SIMD3<Double>

    /// - Parameter sites: one byte a cell, i fastest; a cell holds something if one of `bits` is set.
    package init(size: SIMD3<Int>, sites: [UInt8], bits: UInt8, frame: GridFrame) {
        var levels = [Level(size: (size &+ 3) &>> 2, first: 0)]
        while let last = levels.last, last.end - last.first > 1 {
            levels.append(Level(size: (last.size &+ 3) &>> 2, first: last.end))
        }
        var words = [UInt64](repeating: 0, count: levels.last?.end ?? 0)
        for row in 0..<size.y * size.z {
            let marks = sites.span.extracting(size.x * row..<size.x * (row + 1))
            var i = ByteRow.next(bits: bits, in: marks, from: 0, to: size.x)
            while i < size.x {
                Self.add(SIMD3(i, row % size.y, row / size.y), to: levels[0], &words)
                i = ByteRow.next(bits: bits, in: marks, from: i + 1, to: size.x)
            }
        }
        for (level, coarser) in zip(levels, levels.dropFirst()) {
            for place in level.first..<level.end where words[place] != 0 {
                let (row, i) = (place - level.first).quotientAndRemainder(dividingBy: level.size.x)
                Self.add(SIMD3(i, row % level.size.y, row / level.size.y), to: coarser, &words)
            }
        }
        self.levels = levels
        self.words = words
        stepsSquared = frame.smallestSteps * frame.smallestSteps
    }

    private static func add(_ cell: SIMD3<Int>, to level: Level, _ words: inout [UInt64]) {
        let (word, bit) = (cell &>> 2, cell & 3)
        words[level.first + word.x + level.size.x * (word.y + level.size.y * word.z)] |=
            1 << UInt64(bit.x + 4 * bit.y + 16 * bit.z)
    }

    /// The least of `bound` and of what `squaredDistance` gives for occupied cells (in mm²), which is asked for those
    /// only that can give less.
    ///
    /// - Parameter point: in cells; cell n reaches from n to n + 1.
    func nearest(
        to point: SIMD3<Double>, below bound: Double, _ squaredDistance: (SIMD3<Int>) -> Double
    ) -> Double {
        words.withUnsafeBufferPointer { words in
            levels.withUnsafeBufferPointer { levels in
                // Nothing in here may count references: threads would wait for each other at every cell.
                guard let words = words.baseAddress, let levels = levels.baseAddress else { return bound }
                var search = Search(levels: levels, words: words, stepsSquared: stepsSquared, point: point, best: bound)
                search.descend(self.levels.count - 1, .zero, squaredDistance)
                return search.best
            }
        }
    }

    /// With pointers: a struct cannot hold spans without the compiler's experimental lifetimes.
    private struct Search {
        let levels: UnsafePointer<Level>
        let words: UnsafePointer<UInt64>
        let stepsSquared: SIMD3<Double>
        let point: SIMD3<Double>
        var best: Double

        mutating func descend(_ level: Int, _ word: SIMD3<Int>, _ squaredDistance: (SIMD3<Int>) -> Double) {
            let size = levels[level].size
            let bits = words[levels[level].first + word.x + size.x * (word.y + size.y * word.z)]
            let edge = Double(1 << (2 * level))
            // In cubes of this level, from the word's corner.
            let local = point / edge - SIMD3<Double>(word &<< 2)
            let scale = stepsSquared * (edge * edge)
            for z in NearestFirst(local.z) {
                let slice = bits >> UInt64(16 * z) & 0xFFFF
                let farZ = scale.z * Self.squaredGap(local.z, z)
                guard slice != 0, farZ < best else { continue }
                for y in NearestFirst(local.y) {
                    let row = slice >> UInt64(4 * y) & 0xF
                    let farY = farZ + scale.y * Self.squaredGap(local.y, y)
                    guard row != 0, farY < best else { continue }
                    for x in NearestFirst(local.x)
                    where row >> UInt64(x) & 1 == 1 && farY + scale.x * Self.squaredGap(local.x, x) < best {
                        let child = word &<< 2 &+ SIMD3(x, y, z)
                        if level == 0 {
                            best = min(best, squaredDistance(child))
                        } else {
                            descend(level - 1, child, squaredDistance)
                        }
                    }
                }
            }
        }

        /// From `place` to the nearest point between `cube` and `cube` + 1, squared.
        private static func squaredGap(_ place: Double, _ cube: Int) -> Double {
            let gap = max(Double(cube) - place, place - Double(cube + 1), 0)
            return gap * gap
        }
    }
}

/// 0 to 3, those nearest to a place first: what is found early saves looking at others.
private struct NearestFirst: Sequence, IteratorProtocol {
    /// Four bits each, the next lowest.
    private var left: UInt32

    init(_ place: Double) {
        left = place < 1 ? 0xF3210 : place < 2 ? 0xF3201 : place < 3 ? 0xF0132 : 0xF0123
    }

    mutating func next() -> Int? {
        let value = left & 15
        guard value != 15 else { return nil }
        left >>= 4
        return Int(value)
    }
}
