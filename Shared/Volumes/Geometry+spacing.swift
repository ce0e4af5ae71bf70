extension Geometry {
    /// The grid of the same extent with other voxel sizes, as MONAI's `Spacing` (1.6.1, defaults) makes it:
    /// - an axis within 1e-3 mm of the wanted spacing keeps its own;
    /// - the rotation stays, shear is removed by a Cholesky factor;
    /// - the first voxel's centre stays (with shear: the corner that is lowest on all axes becomes the first voxel);
    /// - sizes are `round((n - 1) · spacing / wanted + 1)`, halves to even.
    ///
    /// Throws `spacingNotPositive`, `affineNotInvertible`, or `tooLarge` beyond `maximumVoxels`.
    package func withSpacing(
        inMillimetres wanted: [Double], maximumVoxels: Int = ReadLimits.standard.maximumVoxels
    ) throws -> Geometry {
        guard wanted.count == 3, wanted.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw VolumeError(.spacingNotPositive, "spacing must be three positive numbers of millimetres, got \(wanted)")
        }
        try affine.requireInvertible()
        let own = affine.spacingInMillimetres
        let spacing = zip(own, wanted).map { abs($0 - $1) <= 1e-3 ? $0 : $1 }
        let rotation = affine.unshearedColumns
        var target = Affine(columns: zip(rotation, spacing).map { $0 * $1 }, origin: .zero)
        if zip(rotation, 0..<3).allSatisfy({ (($0 * own[$1] - affine.column($1)).largestMagnitude) < 1e-9 * own[$1] }) {
            let sizes = (0..<3).map { (Double(size[$0] - 1) * own[$0] / spacing[$0] + 1).rounded(.toNearestOrEven) }
            return Geometry(
                size: try Geometry.checked(sizes, maximumVoxels: maximumVoxels),
                affine: Affine(columns: (0..<3).map(target.column), origin: affine.origin))
        }
        let corners = cornerIndices.map(affine.applied)
        let indices = corners.map(target.inverse.applied)
        let lowest = indices.reduce(indices[0]) { pointwiseMin($0, $1) }
        let highest = indices.reduce(indices[0]) { pointwiseMax($0, $1) }
        let extent = highest - lowest
        let sizes = (0..<3).map { (extent[$0] + 1).rounded(.toNearestOrEven) }
        // numpy's allclose(…, 0) has an absolute tolerance of 1e-8.
        let first = indices.firstIndex { ($0 - lowest).largestMagnitude <= 1e-8 }
        let origin =
            first.map { corners[$0] }
            ?? affine.applied(to: SIMD3(Double(size[0] - 1), Double(size[1] - 1), Double(size[2] - 1)) / 2)
            - target.applied(to: SIMD3(sizes[0] - 1, sizes[1] - 1, sizes[2] - 1) / 2)
        target = Affine(columns: (0..<3).map(target.column), origin: origin)
        return Geometry(size: try Geometry.checked(sizes, maximumVoxels: maximumVoxels), affine: target)
    }

    private static func checked(_ sizes: [Double], maximumVoxels: Int) throws -> [Int] {
        guard sizes.reduce(1, *) <= Double(maximumVoxels) else {
            throw VolumeError(
                .tooLarge,
                "the resampled grid would have \(sizes.map { String(Int(min($0, 1e15))) }.joined(separator: "×")) voxels, "
                    + "at most \(maximumVoxels) are allowed; choose a larger spacing")
        }
        return sizes.map { Int($0) }
    }
}

extension Affine {
    /// Throws `spacingNotPositive` or `affineNotInvertible` if voxels cannot be mapped back from millimetres.
    func requireInvertible() throws {
        guard isFinite else {
            throw VolumeError(.affineNotInvertible, "the affine has values that are not finite numbers: \(rows)")
        }
        guard spacingInMillimetres.allSatisfy({ $0 > 0 }) else {
            throw VolumeError(
                .spacingNotPositive, "spacing must be positive on every axis, got \(spacingInMillimetres) mm from the affine \(rows)")
        }
        guard isInvertible else {
            throw VolumeError(
                .affineNotInvertible, "the affine's axes must span space, got determinant \(determinant) from \(rows)")
        }
    }

    /// Unit steps of the axes with shear removed: A · Z⁻¹ with Z the upper Cholesky factor of AᵀA, which is
    /// Gram–Schmidt orthonormalisation of the columns in order i, j, k.
    fileprivate var unshearedColumns: [SIMD3<Double>] {
        var done: [SIMD3<Double>] = []
        for axis in 0..<3 {
            var step = column(axis)
            for other in done { step -= other * (other * step).sum() }
            done.append(step / (step * step).sum().squareRoot())
        }
        return done
    }
}

extension SIMD3<Double> {
    var largestMagnitude: Double { Swift.max(abs(x), abs(y), abs(z)) }
}
