package import TensorCore

/// Finished planes of blended logits, as they leave the sliding window from the first plane of axis D to the last.
///
/// Valid as long as the call that hands it out: keeping it makes the sliding window copy its sums.
package struct LogitSlab: Sendable {
    /// (1, K, planes, H, W). Planes that are neither fresh nor the one before hold unfinished sums.
    package let logits: Tensor
    /// The volume's plane of the tensor's first one; −1 in the first slab, where nothing comes before.
    package let first: Int
    /// The volume's planes that are finished and that no slab before had. The plane before these is still there, so that whoever
    /// interpolates along D finds both neighbours in one slab.
    package let fresh: Range<Int>

    package var planes: Int { logits.shape[2] }
}
