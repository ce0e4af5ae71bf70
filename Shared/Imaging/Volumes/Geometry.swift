/// The grid of a volume: how many voxels per axis and where they lie.
package struct Geometry: Sendable, Hashable, Codable {
    /// Voxels along i, j and k.
    package var size: [Int]
    /// Voxel (i, j, k) to RAS+ millimetres.
    package var affine: Affine

    package init(size: [Int], affine: Affine) {
        precondition(size.count == 3 && size.allSatisfy { $0 > 0 }, "a grid has 3 positive sizes, got \(size)")
        self.size = size
        self.affine = affine
    }

    package var voxelCount: Int { size[0] * size[1] * size[2] }
    package var spacingInMillimetres: [Double] { affine.spacingInMillimetres }
    package var voxelVolumeInCubicMillimetres: Double { abs(affine.determinant) }

    /// Same sizes, and every corner voxel's centre within `toleranceInMillimetres` of the other's.
    package func isSameGrid(as other: Geometry, toleranceInMillimetres tolerance: Double = 1e-3) -> Bool {
        size == other.size && largestCornerDistance(to: other) <= tolerance
    }

    /// Between the centres of the same corner voxel in mm, for grids of the same sizes.
    func largestCornerDistance(to other: Geometry) -> Double {
        cornerIndices.reduce(0) { largest, corner in
            let distance = (affine.applied(to: corner) - other.affine.applied(to: corner)).length
            // What is no number is far away.
            return distance <= largest ? largest : distance.isNaN ? .infinity : distance
        }
    }

    /// The indices of the eight corner voxels, i slowest (as numpy's `meshgrid(indexing: "ij")` lists them).
    var cornerIndices: [SIMD3<Double>] {
        let last = size.map { Double($0 - 1) }
        return (0..<8).map { corner in
            SIMD3(corner & 4 == 0 ? 0 : last[0], corner & 2 == 0 ? 0 : last[1], corner & 1 == 0 ? 0 : last[2])
        }
    }
}

extension Geometry {
    private enum CodingKeys: String, CodingKey { case size, affine }

    /// Throws `DecodingError` for sizes that no grid has.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let size = try container.decode([Int].self, forKey: .size)
        guard size.count == 3, size.allSatisfy({ (1...(1 << 31)).contains($0) }) else {
            throw DecodingError.dataCorruptedError(
                forKey: .size, in: container, debugDescription: "a grid has 3 positive sizes, got \(size)")
        }
        self.init(size: size, affine: try container.decode(Affine.self, forKey: .affine))
    }
}

extension Geometry: CustomStringConvertible {
    /// `122×101×112 at 3×3×3 mm, RAS, first voxel at (-180.1, 12, 90)`
    package var description: String {
        func number(_ value: Double) -> String {
            let rounded = (value * 1000).rounded() / 1000
            return rounded == rounded.rounded() && abs(rounded) < 1e9 ? String(Int(rounded)) : String(rounded)
        }
        let size = size.map(String.init).joined(separator: "×")
        let spacing = spacingInMillimetres.map(number).joined(separator: "×")
        let first = (0..<3).map { number(affine.origin[$0]) }.joined(separator: ", ")
        return
            "\(size) at \(spacing) mm, \(affine.isInvertible ? orientation.description : "no orientation"), first voxel at (\(first))"
    }
}
