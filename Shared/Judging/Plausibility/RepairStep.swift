/// Something that `LabelRepair` did, so that it can be recorded.
package struct RepairStep: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Small components of a label became background.
        case fragmentsRemoved = "fragments-removed"
        /// Components of a label became part of the neighbour they adjoin.
        case fragmentsRelabelled = "fragments-relabelled"
        /// Two neighbouring labels changed places.
        case neighboursSwapped = "neighbours-swapped"
    }

    package let kind: Kind
    /// The label that lost voxels, then the one that got them; one label where they became background.
    package let labels: [UInt8]
    /// How many changed their value.
    package let voxels: Int
    /// With figures; free of patient data.
    package let sentence: String
}
