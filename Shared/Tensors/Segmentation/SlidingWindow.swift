import Faults
package import Plans

/// The windows over a volume and the weights of their voxels, by MONAI's rules or nnU-Net's.
///
/// Axes are (i, j, k) = (depth, height, width) of the tensor. A volume thinner than the window is padded on both sides
/// (the odd voxel at the high end), by either's rules.
package struct SlidingWindow: Sendable {
    /// Edge of a window per axis, in voxels.
    package let window: [Int]
    package let plan: WindowPlan
    /// Windows all of whose voxels are at or below it are not shown to the network; nil: every window is. In the
    /// network's units.
    package let airAtOrBelow: Float?

    /// - Throws: `SegmentationError.invalidWindow` if an edge isn't positive, the overlap isn't in 0 ..< 1, or an axis
    ///   is mirrored twice.
    package init(window: [Int], plan: WindowPlan, airAtOrBelow: Float? = nil) throws {
        guard window.count == 3, window.allSatisfy({ $0 > 0 }) else {
            throw SegmentationError(.invalidWindow, "window must have three positive edges, got \(window)")
        }
        guard plan.overlap >= 0, plan.overlap < 1, plan.sigmaScale > 0 else {
            throw SegmentationError(
                .invalidWindow,
                "overlap must lie in 0 ..< 1 and sigma scale be positive, got \(plan.overlap) and \(plan.sigmaScale)")
        }
        guard Set(plan.mirroring).count == plan.mirroring.count, plan.mirroring.allSatisfy({ (0..<3).contains($0) })
        else {
            throw SegmentationError(
                .invalidWindow, "mirroring must name each of the axes 0, 1, 2 at most once, got \(plan.mirroring)")
        }
        self.window = window
        self.plan = plan
        self.airAtOrBelow = airAtOrBelow
    }

    /// The axes that each pass of a window mirrors, the window as it is first: all combinations, the smaller ones
    /// before, as nnU-Net adds them.
    package var passes: [Set<Int>] {
        let subsets = (0..<plan.passes).map { bits in
            Set(plan.mirroring.indices.filter { bits >> $0 & 1 == 1 }.map { plan.mirroring[$0] })
        }
        return subsets.enumerated().sorted { ($0.element.count, $0.offset) < ($1.element.count, $1.offset) }.map(
            \.element)
    }
}
