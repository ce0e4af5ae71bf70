/// What counts as unambiguous. Beyond these a label map is left as it is: a wrong label that somebody sees is better
/// than one that was hidden.
package struct RepairLimits: Sendable, Equatable {
    /// Largest component that may be removed, relative to the label's largest.
    package var removableShare = 0.05
    /// Largest part of a label's voxels that may be removed in all: a label in many pieces is no vertebra with crumbs.
    package var removableInAll = 0.2
    /// Largest component that may be given to a neighbour, relative to the largest of its own label. From
    /// `duplicateShare` on a label is at two places, which is a finding for somebody to look at: on a phantom a piece
    /// of a quarter went to the wrong neighbour and took the finding with it.
    package var adoptableShare = 0.2
    /// Of the voxel faces by which such a component adjoins labels, at least this part must be the neighbour's …
    package var contactWithNeighbour = 0.8
    /// … and of its whole surface this part: bones that merely touch at a joint share less.
    package var contactOfSurface = 0.2

    package init() {}
}
