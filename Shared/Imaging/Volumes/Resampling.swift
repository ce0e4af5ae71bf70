import Threads

/// How a grid is filled from another one: decided once, run for images and labels alike. Results do not depend on the
/// number of threads.
///
/// Where the axes of both grids run along each other, in whatever order and direction, they are sampled by tables, axis
/// by axis; else point by point. Grids through the same points are copied.
package struct Resampling: Sendable {
    package let source: Geometry
    package let target: Geometry
    package let convention: ResamplingConvention
    /// nnU-Net's separate z: the source's axis that takes the nearest slice, whatever the interpolation in the planes
    /// across it.
    package let separateAxis: Int?
    /// Indices of the target to indices of the source.
    private let map: Affine
    /// Nil where axes run obliquely.
    let alignment: AxisAlignment?

    /// From a grid to one of the same extent at other voxel sizes (i, j, k), axes in the same order and direction.
    ///
    /// Throws `spacingNotPositive`, `affineNotInvertible`, or `tooLarge` beyond `maximumVoxels`.
    package init(
        of source: Geometry, toSpacingInMillimetres spacing: [Double], convention: ResamplingConvention = .monai,
        maximumVoxels: Int = ReadLimits.standard.maximumVoxels
    ) throws {
        let target = try source.withSpacing(
            inMillimetres: spacing, convention: convention, maximumVoxels: maximumVoxels)
        try self.init(
            of: source, onto: target, convention: convention, spacings: (source.spacingInMillimetres, spacing))
    }

    /// Onto the voxel centres of any grid. In nnU-Net's convention a grid of the same extent, turned or not, is its way
    /// back to the original grid; others are sampled where they lie.
    ///
    /// - Parameter spacings: the voxel sizes that nnU-Net's separate z is decided by, of source and target in the
    ///   source's order of axes, where they are not the grids' own: nnU-Net goes by those asked for.
    /// Throws `spacingNotPositive` or `affineNotInvertible`.
    package init(
        of source: Geometry, onto target: Geometry, convention: ResamplingConvention = .monai,
        spacings: (source: [Double], target: [Double])? = nil
    ) throws {
        self.source = source
        self.target = target
        self.convention = convention
        map = try source.indexMap(from: target)
        alignment = AxisAlignment(
            source: source.size, target: target.size, map: map, convention: convention)
        guard convention == .nnUNet, let alignment, source.size != alignment.order.map({ target.size[$0] }) else {
            separateAxis = nil
            return
        }
        let own = target.spacingInMillimetres
        let (from, to) = spacings ?? (source.spacingInMillimetres, alignment.order.map { own[$0] })
        separateAxis = Self.separateAxis(from: from, to: to)
    }

    /// Whether the axes of the grids run along each other.
    package var isAligned: Bool { alignment != nil }

    /// nnU-Net's `determine_do_sep_z_and_axis`: the axis with the largest spacing, if that is over three times the
    /// smallest before or, else, after resampling, and no other axis shares it.
    package static func separateAxis(from source: [Double], to target: [Double]) -> Int? {
        for spacing in [source, target] {
            guard let largest = spacing.max(), let smallest = spacing.min(), largest > 3 * smallest else { continue }
            // nnU-Net compares exactly, but header fields: lengths of an affine's columns carry rounding.
            let coarse = spacing.indices.filter { spacing[$0] > largest * (1 - 1e-6) }
            return coarse.count == 1 ? coarse[0] : nil
        }
        return nil
    }

    // MARK: - Decisions

    var edge: SplineEdge { convention == .itk ? .mirrored : .repeated }

    /// Along i, j, k of the source. Nil where axes run obliquely.
    func axes(_ interpolation: Interpolation) -> [AxisSamples]? {
        alignment.map { alignment in
            (0..<3).map { axis in
                AxisSamples(
                    coordinates: alignment.coordinates[axis], size: source.size[axis],
                    interpolation: axis == separateAxis ? .nearest : interpolation,
                    halvesUp: convention != .monai, outside: convention == .itk, edge: edge)
            }
        }
    }

    func points(_ pool: ComputePool) -> PointResampler {
        PointResampler(
            source: source.size, target: target.size, map: map, halvesUp: convention != .monai,
            hasOutside: convention == .itk, pool: pool)
    }
}
