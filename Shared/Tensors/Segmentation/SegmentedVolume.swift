package import Anatomy
package import Volumes

/// What a segmentation gives.
package struct SegmentedVolume: Sendable {
    /// On exactly the original geometry.
    package let labels: Volume<UInt8>
    /// Class 0 (background) first.
    package let classes: [ClassSummary]
    package let windows: Int
    /// Of these, the ones that held only air and weren't shown to the network; 0 unless that was asked for.
    package let skippedWindows: Int
    package let memory: MemoryEstimate
    /// What the network thinks of what it takes for bone; nil unless that was asked for.
    package let votes: LevelVotes?

    /// Of the classes that won somewhere.
    package var meanConfidenceByLabel: [UInt8: Double] { byLabel(\.meanConfidence) }
    package var meanEntropyByLabel: [UInt8: Double] { byLabel(\.meanEntropy) }

    private func byLabel(_ value: (ClassSummary) -> Double?) -> [UInt8: Double] {
        classes.reduce(into: [:]) { if let own = value($1) { $0[UInt8(clamping: $1.label)] = own } }
    }
}
