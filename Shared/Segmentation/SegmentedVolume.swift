package import Volumes

/// What a segmentation gives.
package struct SegmentedVolume: Sendable {
    /// On exactly the original geometry.
    package let labels: Volume<UInt8>
    /// Class 0 (background) first.
    package let classes: [ClassSummary]
    package let windows: Int
    package let memory: MemoryEstimate
}
