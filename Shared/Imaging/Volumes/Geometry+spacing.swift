import Faults

extension Geometry {
    /// The grid that covers the same volume with other voxel sizes, axes in the same order and direction, by the rules
    /// of `convention`.
    ///
    /// Throws `spacingNotPositive`, `affineNotInvertible`, or `tooLarge` beyond `maximumVoxels`.
    package func withSpacing(
        inMillimetres wanted: [Double], convention: ResamplingConvention = .monai,
        maximumVoxels: Int = ReadLimits.standard.maximumVoxels
    ) throws -> Geometry {
        guard wanted.count == 3, wanted.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw VolumeError(
                .spacingNotPositive, "spacing must be three positive numbers of millimetres, got \(wanted)")
        }
        try affine.requireInvertible()
        switch convention {
        case .monai: return try withMONAISpacing(wanted, maximumVoxels)
        case .nnUNet, .itk, .totalSegmentator: return try withRoundedExtent(wanted, maximumVoxels, convention)
        }
    }

    /// Sizes are `round(n · spacing / wanted)`, halves to even, at least 1 (`compute_new_shape` of nnU-Net v2).
    ///
    /// The volume's outer faces, or the centres of its outer voxels, stay and voxels are as large as that makes them, or
    /// the first voxel's centre and the wanted sizes do.
    private func withRoundedExtent(_ wanted: [Double], _ maximumVoxels: Int, _ convention: ResamplingConvention) throws
        -> Geometry
    {
        let own = spacingInMillimetres
        let rounded = (0..<3).map { max(1, (own[$0] / wanted[$0] * Double(size[$0])).rounded(.toNearestOrEven)) }
        let sizes = try Geometry.checked(rounded, maximumVoxels: maximumVoxels)
        let scales = (0..<3).map { axis in
            switch convention {
            case .nnUNet: Double(size[axis]) / Double(sizes[axis])
            case .totalSegmentator where size[axis] > 1 && sizes[axis] > 1:
                Double(size[axis] - 1) / Double(sizes[axis] - 1)
            case .monai, .itk, .totalSegmentator: wanted[axis] / own[axis]
            }
        }
        let first = convention == .nnUNet ? SIMD3(scales[0], scales[1], scales[2]) / 2 - 0.5 : .zero
        let columns = (0..<3).map { affine.column($0) * scales[$0] }
        return Geometry(size: sizes, affine: Affine(columns: columns, origin: affine.applied(to: first)))
    }

    /// As MONAI's `Spacing` (1.6.1, defaults) makes it:
    /// - an axis within 1e-3 mm of the wanted spacing keeps its own;
    /// - the rotation stays, shear is removed by a Cholesky factor;
    /// - the first voxel's centre stays (with shear: the corner that is lowest on all axes becomes the first voxel);
    /// - sizes are `round((n - 1) · spacing / wanted + 1)`, halves to even.
    private func withMONAISpacing(_ wanted: [Double], _ maximumVoxels: Int) throws -> Geometry {
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
        // Also not a number: affines from files can be as large as doubles are.
        guard sizes.reduce(1, *) <= Double(maximumVoxels) else {
            throw VolumeError(
                .tooLarge,
                "the resampled grid would have \(sizes.map { $0 < 1e15 ? String(Int($0)) : "\($0)" }.joined(separator: "×")) voxels, "
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
                .spacingNotPositive,
                "spacing must be positive on every axis, got \(spacingInMillimetres) mm from the affine \(rows)")
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
            for other in done { step -= other * other.dot(step) }
            done.append(step.normalized)
        }
        return done
    }
}

extension SIMD3<Double> {
    var largestMagnitude: Double { Swift.max(abs(x), abs(y), abs(z)) }
}
