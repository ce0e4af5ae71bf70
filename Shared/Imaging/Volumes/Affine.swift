/// A 4×4 affine map from voxel indices (i, j, k, 1) to RAS+ millimetres, row-major, last row (0, 0, 0, 1).
package struct Affine: Sendable, Hashable {
    /// The three upper rows, 12 values.
    private var values: [Double]

    package static let identity = Affine(spacingInMillimetres: [1, 1, 1])

    /// Axis-aligned RAS: `spacingInMillimetres` on the diagonal, the centre of voxel (0, 0, 0) at `origin`.
    package init(spacingInMillimetres spacing: [Double], origin: [Double] = [0, 0, 0]) {
        precondition(spacing.count == 3 && origin.count == 3, "an affine needs 3 spacings and 3 coordinates")
        values = [
            spacing[0], 0, 0, origin[0],
            0, spacing[1], 0, origin[1],
            0, 0, spacing[2], origin[2],
        ]
    }

    /// Three or four rows of four values; a fourth row is taken as (0, 0, 0, 1).
    package init(rows: [[Double]]) {
        precondition(
            (3...4).contains(rows.count) && rows.allSatisfy { $0.count == 4 }, "an affine has 3 or 4 rows of 4 values")
        values = Array(rows[0] + rows[1] + rows[2])
    }

    /// The columns of the linear part (the step of each voxel axis in mm) and the centre of voxel (0, 0, 0).
    package init(columns: [SIMD3<Double>], origin: SIMD3<Double>) {
        precondition(columns.count == 3, "an affine has 3 axis columns, got \(columns.count)")
        values = (0..<3).flatMap { row in [columns[0][row], columns[1][row], columns[2][row], origin[row]] }
    }

    package subscript(row: Int, column: Int) -> Double {
        get { row == 3 ? (column == 3 ? 1 : 0) : values[row * 4 + column] }
        set {
            precondition(row < 3, "the last row of an affine is (0, 0, 0, 1)")
            values[row * 4 + column] = newValue
        }
    }

    /// Four rows of four values.
    package var rows: [[Double]] { (0..<4).map { row in (0..<4).map { self[row, $0] } } }

    /// The step along voxel axis `axis` in mm.
    package func column(_ axis: Int) -> SIMD3<Double> {
        SIMD3(self[0, axis], self[1, axis], self[2, axis])
    }

    /// The centre of voxel (0, 0, 0).
    package var origin: SIMD3<Double> { column(3) }

    /// Voxel (i, j, k) to millimetres.
    package func applied(to index: SIMD3<Double>) -> SIMD3<Double> {
        column(0) * index.x + column(1) * index.y + column(2) * index.z + origin
    }

    /// The length of each axis's step.
    package var spacingInMillimetres: [Double] {
        (0..<3).map { column($0).length }
    }

    /// Of the 3×3 part; its absolute value is the volume of a voxel in mm³.
    package var determinant: Double {
        column(0).dot(column(1).cross(column(2)))
    }

    package var isFinite: Bool { values.allSatisfy(\.isFinite) }

    /// All values finite and the axes neither zero nor (nearly) in one plane.
    package var isInvertible: Bool {
        let size = spacingInMillimetres.reduce(1, *)
        return isFinite && size > 0 && size.isFinite && abs(determinant) > 1e-6 * size
    }

    /// The inverse map. The affine must be invertible (`isInvertible`); readers check this once.
    package var inverse: Affine {
        let determinant = determinant
        precondition(determinant != 0, "an affine with determinant 0 has no inverse")
        let rows = [column(1).cross(column(2)), column(2).cross(column(0)), column(0).cross(column(1))].map {
            $0 / determinant
        }
        return Affine(rows: rows.map { [$0.x, $0.y, $0.z, -$0.dot(origin)] })
    }

    /// First `right`, then `left`.
    package static func * (left: Affine, right: Affine) -> Affine {
        Affine(
            columns: (0..<3).map { left.applied(to: right.column($0)) - left.origin },
            origin: left.applied(to: right.origin))
    }
}

extension Affine: Codable {
    /// Stored as four rows of four numbers.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let rows = try container.decode([[Double]].self)
        guard (3...4).contains(rows.count), rows.allSatisfy({ $0.count == 4 }) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "an affine has 4 rows of 4 numbers")
        }
        self.init(rows: rows)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rows)
    }
}
