package import TensorCore

/// Finished planes of blended logits, as they leave the sliding window from the first plane of axis D to the last.
///
/// Valid as long as the call that hands it out: keeping it makes the sliding window copy its sums.
package struct LogitSlab: Sendable {
    /// (1, K, planes, H, W). Planes that are neither fresh nor the one before hold unfinished sums.
    package let logits: Tensor
    /// The volume's plane of the tensor's first one; −1 in the first slab, where nothing comes before.
    package let first: Int
    /// The volume's planes that are finished and that no slab before had. The plane before these is still there, so
    /// that whoever interpolates along D finds both neighbours in one slab.
    package let fresh: Range<Int>

    package var planes: Int { logits.shape[2] }

    /// The logit that stands at a voxel no window was shown to the network for: background as certain as single
    /// precision tells (1 − e⁻¹⁶), yet of a size with real logits, so that interpolation to the original grid moves a
    /// boundary there by a fraction of a voxel only.
    package static func unseen(_ label: Int) -> Float { label == 0 ? 0 : -16 }

    /// Copies the fresh planes to their place in the logits of the whole volume, (1, K, D, H, W).
    func copy(into whole: inout Tensor) {
        let (classes, area) = (logits.shape[1], logits.shape[3] * logits.shape[4])
        let depth = whole.shape[2]
        whole.withUnsafeMutableBufferPointer { whole in
            logits.withUnsafeBufferPointer { logits in
                guard let target = whole.baseAddress, let source = logits.baseAddress else { return }
                for label in 0..<classes {
                    let from = (label * planes + fresh.lowerBound - first) * area
                    (target + (label * depth + fresh.lowerBound) * area).update(
                        from: source + from, count: fresh.count * area)
                }
            }
        }
    }
}
