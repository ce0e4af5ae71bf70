/// What part of a point belongs to which of the eight labels around it.
struct LabelShares {
    private let labels: SIMD8<Int32>
    private let shares: SIMD8<Float>
    /// The voxel nearest to the point; of halves the upper one.
    private let nearest: Int

    /// - Parameters:
    ///   - labels: i lower and upper of (j, k) = (lower, lower), (upper, lower), (lower, upper), (upper, upper).
    ///   - x, y, z: weights of the upper voxels along i, j, k.
    @inline(__always)
    init(_ labels: SIMD8<UInt8>, _ x: Float, _ y: Float, _ z: Float) {
        self.labels = SIMD8(truncatingIfNeeded: labels)
        let (p, q, r, s) = ((1 - y) * (1 - z), y * (1 - z), (1 - y) * z, y * z)
        shares = SIMD8((1 - x) * p, x * p, (1 - x) * q, x * q, (1 - x) * r, x * r, (1 - x) * s, x * s)
        nearest = (x >= 0.5 ? 1 : 0) + (y >= 0.5 ? 2 : 0) + (z >= 0.5 ? 4 : 0)
    }

    /// The label of the largest share. Of equal ones (but for rounding) the nearest voxel's, or where that is none of
    /// them the lowest, as batchgenerators 0.25.5 has it: at an even factor every border voxel is such a case.
    @inline(__always)
    var winner: UInt8 {
        let equal: Float = 1e-6
        var (best, winner): (Float, Int32) = (-1, 0)
        for corner in 0..<8 {
            let share = share(of: labels[corner])
            if share > best + equal || (share > best - equal && labels[corner] < winner) {
                (best, winner) = (max(best, share), labels[corner])
            }
        }
        if share(of: labels[nearest]) > best - equal { winner = labels[nearest] }
        return UInt8(truncatingIfNeeded: winner)
    }

    @inline(__always)
    private func share(of label: Int32) -> Float {
        shares.replacing(with: 0, where: labels .!= SIMD8(repeating: label)).sum()
    }
}
