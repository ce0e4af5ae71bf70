extension Volume<Float> {
    /// The volume at other voxel sizes (i, j, k), in MONAI's convention (`Geometry.withSpacing`). The axes keep their
    /// order and direction; reorient first where that matters. Throws as `Geometry.withSpacing` does.
    package func resampled(
        toSpacingInMillimetres spacing: [Double], interpolation: Interpolation = .linear
    ) throws -> Volume<Float> {
        try resampled(onto: geometry.withSpacing(inMillimetres: spacing), interpolation: interpolation)
    }

    /// The volume's values at the voxel centres of another grid, outside its own grid those of the nearest border
    /// voxel. Throws if this volume's affine cannot be inverted.
    package func resampled(onto target: Geometry, interpolation: Interpolation = .linear) throws -> Volume<Float> {
        try sampled(onto: target, interpolation: interpolation)
    }
}

extension Volume<UInt8> {
    /// As for images. `.linear` rounds to the nearest integer; labels need `.nearest`.
    package func resampled(
        toSpacingInMillimetres spacing: [Double], interpolation: Interpolation = .nearest
    ) throws -> Volume<UInt8> {
        try resampled(onto: geometry.withSpacing(inMillimetres: spacing), interpolation: interpolation)
    }

    /// As for images. `.linear` rounds to the nearest integer; labels need `.nearest`.
    package func resampled(onto target: Geometry, interpolation: Interpolation = .nearest) throws -> Volume<UInt8> {
        try sampled(onto: target, interpolation: interpolation)
    }
}

extension Volume where Voxel: Sampled {
    /// Specialised for the two voxel types above; generic callers in other modules would be slow.
    fileprivate func sampled(onto target: Geometry, interpolation: Interpolation) throws -> Volume<Voxel> {
        let map = try geometry.indexMap(from: target)
        if map == .identity, geometry.size == target.size { return Volume(geometry: target, voxels: voxels) }
        let sampler = Sampler<Voxel>(source: geometry.size, target: target.size, map: map)
        return Volume(geometry: target, voxels: sampler.sampled(voxels, interpolation))
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
            throw VolumeError(.affineNotInvertible, "the target grid's affine has values that are not finite: \(target.affine.rows)")
        }
        var map = affine.inverse * target.affine
        for row in 0..<3 {
            for column in 0..<4 {
                let whole = map[row, column].rounded()
                if abs(map[row, column] - whole) < (column < 3 ? 1e-12 : 1e-9) { map[row, column] = whole }
            }
        }
        return map
    }
}
