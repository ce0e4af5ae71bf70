package import Volumes

/// Directions and lengths of a grid's steps: how far apart in mm voxels are.
package struct GridFrame: Sendable {
    /// The step along each voxel axis in mm; not an array, since reading one from several threads has them wait for
    /// each other.
    private let columns: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)
    /// The lengths of the steps.
    package let spacing: SIMD3<Double>
    /// Whether axes are at right angles (within 1e-5 of a radian), so that squared distances are sums over axes.
    package let isOrthogonal: Bool
    /// What a step along an axis adds at least to the distance, whatever is done along the others.
    let smallestSteps: SIMD3<Double>

    /// The affine must be invertible.
    package init(_ affine: Affine) {
        let axes = (0..<3).map(affine.column)
        columns = (axes[0], axes[1], axes[2])
        let lengths = axes.map(\.length)
        spacing = SIMD3(lengths[0], lengths[1], lengths[2])
        isOrthogonal = [(0, 1), (0, 2), (1, 2)].allSatisfy {
            abs(axes[$0].dot(axes[$1])) <= 1e-5 * lengths[$0] * lengths[$1]
        }
        if isOrthogonal {
            // A hair less for the angles that are let through.
            smallestSteps = spacing * 0.9999
        } else {
            // The smallest singular value is at least 1 over the Frobenius norm of the inverse.
            let inverse = affine.inverse
            let norm = (0..<3).reduce(0) { $0 + inverse.column($1).squaredLength }.squareRoot()
            smallestSteps = SIMD3(repeating: 0.9999 / norm)
        }
    }

    /// A difference in voxels, in mm.
    package func offset(_ voxels: SIMD3<Double>) -> SIMD3<Double> {
        columns.0 * voxels.x + columns.1 * voxels.y + columns.2 * voxels.z
    }

    /// The length in mm of a difference in voxels, squared.
    package func squaredLength(_ voxels: SIMD3<Double>) -> Double { offset(voxels).squaredLength }

    /// From one corner of a voxel to the farthest other.
    package var diagonal: Double {
        (0..<4).map { offset(SIMD3(1, $0 & 1 == 0 ? 1 : -1, $0 & 2 == 0 ? 1 : -1)).length }.max() ?? 0
    }
}

extension OccupancyPyramid {
    /// From the middle of a cell to the middle of the nearest occupied one, squared, in mm²; infinite if there is none.
    package func squaredDistanceOfCentres(from cell: SIMD3<Int>, frame: GridFrame) -> Double {
        nearest(to: SIMD3<Double>(cell) + 0.5, below: .infinity) { frame.squaredLength(SIMD3<Double>($0 &- cell)) }
    }
}
