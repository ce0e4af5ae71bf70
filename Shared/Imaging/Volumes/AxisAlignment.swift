/// Two grids whose axes run along each other, in whatever order and direction.
struct AxisAlignment: Sendable {
    /// For i, j, k of the source, the target's axis that runs along it.
    let order: [Int]
    /// For i, j, k of the source, where the target's voxels lie on it, in voxels.
    let coordinates: [[Double]]
    private let target: [Int]

    /// Voxels that an axis may run off, over its whole length, and still count as along: affines are stored in single
    /// precision.
    private static let tolerance = 1e-4

    /// - Parameters:
    ///   - map: indices of the target to indices of the source.
    ///   - convention: nnU-Net relates grids that fill the same space, half a voxel beyond the outer centres, by their
    ///     sizes alone, and so does TotalSegmentator those whose outer centres are the same; that spares the affine's
    ///     rounding where a half decides.
    /// Nil if an axis runs obliquely.
    init?(source: [Int], target: [Int], map: Affine, convention: ResamplingConvention) {
        var order: [Int] = []
        for row in 0..<3 {
            let reach = (0..<3).map { abs(map[row, $0]) * Double(max(1, target[$0] - 1)) }
            guard let axis = (0..<3).max(by: { abs(map[row, $0]) < abs(map[row, $1]) }) else { return nil }
            guard (0..<3).allSatisfy({ $0 == axis || reach[$0] < Self.tolerance }) else { return nil }
            order.append(axis)
        }
        guard Set(order).count == 3 else { return nil }
        self.order = order
        self.target = target
        coordinates = (0..<3).map { row in
            let (size, count) = (source[row], target[order[row]])
            let (scale, offset) = (map[row, order[row]], map[row, 3])
            let positions = (0..<count).map { offset + scale * Double($0) }
            if let resized = Self.resized(size, to: count, convention) {
                let turned = scale < 0 ? resized.reversed() : resized
                if zip(positions, turned).allSatisfy({ abs($0 - $1) < 1e-3 }) { return turned }
            }
            let whole = positions.map { $0.rounded() }
            return zip(positions, whole).allSatisfy { abs($0 - $1) < Self.tolerance } ? whole : positions
        }
    }

    /// Where the centres of `count` voxels lie that fill the place of `size` ones (scikit-image's `resize`, scipy's
    /// `grid_mode`), or reach from the first one's to the last one's (scipy's `zoom`); nil: where the affines say.
    private static func resized(_ size: Int, to count: Int, _ convention: ResamplingConvention) -> [Double]? {
        switch convention {
        case .nnUNet:
            let scale = Double(size) / Double(count)
            return (0..<count).map { scale * (Double($0) + 0.5) - 0.5 }
        case .totalSegmentator where size > 1 && count > 1:
            let scale = Double(size - 1) / Double(count - 1)
            return (0..<count).map { scale * Double($0) }
        case .monai, .itk, .totalSegmentator: return nil
        }
    }

    /// Sizes of the result in the source's order of axes.
    private var inSourceOrder: [Int] { order.map { target[$0] } }

    /// The target's voxels where each is one of the source's: as they are, or put in the target's order at once. Nil
    /// where something must be interpolated, repeated or left out in between.
    func copy<Voxel: BitwiseCopyable & Sendable>(_ voxels: [Voxel], _ axes: [AxisSamples]) -> [Voxel]? {
        let steps = axes.compactMap(\.unitStep)
        guard steps.count == 3 else { return nil }
        if order == [0, 1, 2], axes.allSatisfy(\.isIdentity) { return voxels }
        let strides = [1, axes[0].size, axes[0].size * axes[1].size]
        let first = zip(steps, strides).map { $0.first * $1 }.reduce(0, +)
        let axisOfTarget = (0..<3).map { axis in order.firstIndex(of: axis) ?? axis }
        let permutation = AxisPermutation(
            size: target, first: first, steps: axisOfTarget.map { steps[$0].step * strides[$0] })
        return permutation.copied(voxels)
    }

    /// From the source's order of axes to the target's.
    func turned<Voxel: BitwiseCopyable & Sendable>(_ voxels: [Voxel]) -> [Voxel] {
        let axisOfTarget = (0..<3).map { axis in order.firstIndex(of: axis) ?? axis }
        return AxisPermutation(of: inSourceOrder, order: axisOfTarget).copied(voxels)
    }
}
