package import JobEngine

/// What a corrected label map is and changes, once it was read and found right.
package struct AcceptedCorrection: Sendable, Equatable, Codable {
    /// CT on whose grid it is.
    package var volume: ContentAddress
    package var labels: ContentAddress
    /// The label map that was corrected.
    package var parent: ContentAddress
    /// That made the parent, or what the parent was corrected from; nil: a ground truth.
    package var parentModel: ModelReference?
    /// With a label.
    package var voxels: Int
    /// Whose label is another than in the parent, at least 1.
    package var changedVoxels: Int
    /// Labels that lost or gained voxels, without background, in order.
    package var changedClasses: [Int]

    package init(
        volume: ContentAddress, labels: ContentAddress, parent: ContentAddress, parentModel: ModelReference?,
        voxels: Int, changedVoxels: Int, changedClasses: [Int]
    ) {
        self.volume = volume
        self.labels = labels
        self.parent = parent
        self.parentModel = parentModel
        self.voxels = voxels
        self.changedVoxels = changedVoxels
        self.changedClasses = changedClasses
    }
}
