import Faults

extension Volume<Float> {
    /// The volume at other voxel sizes (i, j, k), by the rules of `convention` (`Geometry.withSpacing`). The axes keep
    /// their order and direction; reorient first where that matters. Throws as `Geometry.withSpacing` does.
    package func resampled(
        toSpacingInMillimetres spacing: [Double], interpolation: Interpolation = .linear,
        convention: ResamplingConvention = .monai
    ) throws -> Volume<Float> {
        try Resampling(of: geometry, toSpacingInMillimetres: spacing, convention: convention).image(
            self, interpolation: interpolation)
    }

    /// The volume's values at the voxel centres of another grid. Throws if this volume's affine cannot be inverted.
    package func resampled(
        onto target: Geometry, interpolation: Interpolation = .linear, convention: ResamplingConvention = .monai
    ) throws -> Volume<Float> {
        try Resampling(of: geometry, onto: target, convention: convention).image(self, interpolation: interpolation)
    }
}

extension Volume<UInt8> {
    /// As for images; `.linear` takes the label with the largest share of the voxels around a point. Throws also
    /// `unsupported` for `.cubic`.
    package func resampled(
        toSpacingInMillimetres spacing: [Double], interpolation: Interpolation = .nearest,
        convention: ResamplingConvention = .monai
    ) throws -> Volume<UInt8> {
        try Resampling(of: geometry, toSpacingInMillimetres: spacing, convention: convention).labels(
            self, interpolation: interpolation)
    }

    /// As for images; `.linear` takes the label with the largest share of the voxels around a point. Throws also
    /// `unsupported` for `.cubic`.
    package func resampled(
        onto target: Geometry, interpolation: Interpolation = .nearest, convention: ResamplingConvention = .monai
    ) throws -> Volume<UInt8> {
        try Resampling(of: geometry, onto: target, convention: convention).labels(self, interpolation: interpolation)
    }
}

extension Geometry {
    /// Voxel indices of `target` to (fractional) voxel indices of this grid.
    ///
    /// Entries that are whole but for rounding errors of the inverse are made whole, so that copying grids is exact
    /// and parallel axes are seen as such. That moves a coordinate by less than 1e-8 voxels.
    func indexMap(from target: Geometry) throws -> Affine {
        try affine.requireInvertible()
        guard target.affine.isFinite else {
            throw VolumeError(
                .affineNotInvertible, "the target grid's affine has values that are not finite: \(target.affine.rows)")
        }
        var map = affine.inverse * target.affine
        guard map.rows.joined().allSatisfy({ abs($0) < 1e12 }) else {
            throw VolumeError(
                .affineNotInvertible,
                "the grids are too far apart to be compared: their affines are \(affine.rows) and \(target.affine.rows)"
            )
        }
        for row in 0..<3 {
            for column in 0..<4 {
                let whole = map[row, column].rounded()
                if abs(map[row, column] - whole) < (column < 3 ? 1e-12 : 1e-9) { map[row, column] = whole }
            }
        }
        return map
    }
}
