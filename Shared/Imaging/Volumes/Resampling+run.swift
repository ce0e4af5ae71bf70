import Faults
package import Threads

extension Resampling {
    /// The image on the target grid. Cubic results of nnU-Net's convention are clipped to the range of the volume, or
    /// of each slice where z is separate. Calls block and compute; keep them off Swift's cooperative threads.
    /// - Parameter outside: where ITK's convention finds no volume.
    /// - Precondition: `volume` is on the source grid, and its voxels are finite.
    package func image(
        _ volume: Volume<Float>, interpolation: Interpolation = .linear,
        outside: Float = ResamplingConvention.outsideInHounsfieldUnits,
        pool: ComputePool = .shared
    ) -> Volume<Float> {
        require(volume.geometry)
        guard let alignment, let axes = axes(interpolation) else {
            return Volume(geometry: target, voxels: obliquely(volume.voxels, interpolation, outside, pool))
        }
        if let copy = alignment.copy(volume.voxels, axes) { return Volume(geometry: target, voxels: copy) }
        var voxels =
            switch interpolation {
            case .nearest: NearestResampler(axes: axes, pool: pool).sampled(volume.voxels)
            case .linear: LinearResampler(axes: axes, pool: pool).sampled(volume.voxels)
            case .cubic: cubically(volume.voxels, axes, pool)
            }
        OutsideFill(axes: axes).run(&voxels, with: outside)
        return Volume(geometry: target, voxels: alignment.turned(voxels))
    }

    /// The label map on the target grid; `.linear` takes the label with the largest share. Outside ITK's volume is
    /// background. Throws `unsupported` for `.cubic`.
    /// - Precondition: `volume` is on the source grid.
    package func labels(
        _ volume: Volume<UInt8>, interpolation: Interpolation = .nearest, pool: ComputePool = .shared
    ) throws -> Volume<UInt8> {
        require(volume.geometry)
        guard interpolation != .cubic else {
            throw VolumeError(
                .unsupported,
                "labels cannot be interpolated by cubic splines; take nearest, or linear for the largest share")
        }
        guard let alignment, let axes = axes(interpolation) else {
            let points = points(pool)
            let voxels =
                interpolation == .nearest
                ? points.nearest(volume.voxels, outside: 0) : points.labels(volume.voxels, outside: 0)
            return Volume(geometry: target, voxels: voxels)
        }
        if let copy = alignment.copy(volume.voxels, axes) { return Volume(geometry: target, voxels: copy) }
        var voxels =
            interpolation == .nearest
            ? NearestResampler(axes: axes, pool: pool).sampled(volume.voxels)
            : LabelResampler(axes: axes, pool: pool).sampled(volume.voxels)
        OutsideFill(axes: axes).run(&voxels, with: 0)
        return Volume(geometry: target, voxels: alignment.turned(voxels))
    }

    private func require(_ geometry: Geometry) {
        precondition(
            geometry.size == source.size, "the volume has \(geometry.size) voxels, the grid to resample \(source.size)")
    }

    /// The axis of separate z is put last for the time: slices across it are then what is clipped.
    private func cubically(_ voxels: [Float], _ axes: [AxisSamples], _ pool: ComputePool) -> [Float] {
        let last = separateAxis ?? 2
        let order = [0, 1, 2].filter { $0 != last } + [last]
        let clipping: SeparableResampler.Clipping =
            convention != .nnUNet ? .none : separateAxis == nil ? .volume : .slice
        let turnedAxes = order.map { axes[$0] }
        let turned = AxisPermutation(of: source.size, order: order).copied(voxels)
        let sampled = SeparableResampler(axes: turnedAxes, clipping: clipping, pool: pool).sampled(turned)
        let back = (0..<3).map { axis in order.firstIndex(of: axis) ?? axis }
        return AxisPermutation(of: turnedAxes.map(\.count), order: back).copied(sampled)
    }

    private func obliquely(_ voxels: [Float], _ interpolation: Interpolation, _ outside: Float, _ pool: ComputePool)
        -> [Float]
    {
        let points = points(pool)
        switch interpolation {
        case .nearest: return points.nearest(voxels, outside: outside)
        case .linear: return points.linear(voxels, outside: outside)
        case .cubic:
            let margin = 4
            let axes = source.size.map { AxisSamples(coefficientsOf: $0, edge: edge, margin: margin) }
            let coefficients = SeparableResampler(axes: axes, clipping: .none, pool: pool).sampled(voxels)
            return points.cubic(coefficients, margin: margin, outside: outside)
        }
    }
}
