package import TensorCore

/// Finished planes of blended logits, as they leave the sliding window from the first plane of axis D to the last.
package struct LogitSlab: Sendable {
    /// (1, K, planes, H, W).
    package let logits: Tensor
    /// The volume's plane of the tensor's first one.
    package let first: Int
    /// The volume's planes that no slab before had. All but the very first slab repeat the plane before these, so that whoever interpolates
    /// along D finds both neighbours in one slab.
    package let fresh: Range<Int>

    package var planes: Int { logits.shape[2] }
}
