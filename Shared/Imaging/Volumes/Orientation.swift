/// Which way the three voxel axes of a grid point, to the closest anatomical direction.
package struct Orientation: Sendable, Hashable {
    /// A world axis and its sense. World coordinates are RAS+: axis 0 grows to the right, 1 to the front, 2 to the
    /// head.
    package struct Direction: Sendable, Hashable {
        package var worldAxis: Int
        package var isPositive: Bool
    }

    /// For the voxel axes i, j, k.
    package let directions: [Direction]

    package static let ras = Orientation(directions: (0..<3).map { Direction(worldAxis: $0, isPositive: true) })

    /// From three letters such as `RAS`, `LPS` or `PIR`: where i, j and k grow to. Nil if a world axis is missing.
    package init?(_ letters: String) {
        var directions: [Direction] = []
        for letter in letters.uppercased() {
            guard let position = Orientation.letters.firstIndex(of: letter) else { return nil }
            directions.append(Direction(worldAxis: position / 2, isPositive: position.isMultiple(of: 2)))
        }
        guard directions.count == 3, Set(directions.map(\.worldAxis)).count == 3 else { return nil }
        self.directions = directions
    }

    fileprivate init(directions: [Direction]) {
        self.directions = directions
    }

    private static let letters: [Character] = ["R", "L", "A", "P", "S", "I"]
}

extension Orientation: CustomStringConvertible {
    /// Three letters, as `RAS`.
    package var description: String {
        String(directions.map { Orientation.letters[$0.worldAxis * 2 + ($0.isPositive ? 0 : 1)] })
    }
}

extension Geometry {
    /// The closest axis directions, as nibabel's `io_orientation` finds them: from the rotation nearest to the affine
    /// (its polar factor after the columns are normalised), the voxel axis that fits best chooses first.
    package var orientation: Orientation {
        var columns = affine.nearestRotationColumns
        var directions = Orientation.ras.directions
        let order = (0..<3).sorted { left, right in
            let (a, b) = (columns[left].largestSquare, columns[right].largestSquare)
            return a == b ? left < right : a > b
        }
        for axis in order {
            let column = columns[axis]
            let worldAxis = (0..<3).max { column[$0] * column[$0] < column[$1] * column[$1] } ?? axis
            directions[axis] = Orientation.Direction(worldAxis: worldAxis, isPositive: column[worldAxis] > 0)
            for other in 0..<3 { columns[other][worldAxis] = 0 }
        }
        return Orientation(directions: directions)
    }
}

extension Affine {
    /// The columns of the orthogonal matrix nearest to the unit-length columns of this affine (Newton's iteration for
    /// the polar factor, Higham 1986). It may be a reflection.
    var nearestRotationColumns: [SIMD3<Double>] {
        var columns = zip((0..<3).map(column), spacingInMillimetres).map { $1 > 0 ? $0 / $1 : $0 }
        for _ in 0..<64 {
            let determinant = columns[0].dot(columns[1].cross(columns[2]))
            guard abs(determinant) > 1e-12 else { return columns }
            let inverseTransposed = [
                columns[1].cross(columns[2]), columns[2].cross(columns[0]), columns[0].cross(columns[1]),
            ].map { $0 / determinant }
            let next = zip(columns, inverseTransposed).map { ($0 + $1) * 0.5 }
            let change = zip(columns, next).map { ($1 - $0).squaredLength }.reduce(0, +)
            columns = next
            if change < 1e-30 { break }
        }
        return columns
    }
}

extension SIMD3<Double> {
    fileprivate var largestSquare: Double { (self * self).max() }
}
