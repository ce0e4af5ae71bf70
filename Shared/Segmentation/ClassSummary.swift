/// One class of a segmentation.
package struct ClassSummary: Sendable, Equatable, Codable {
    package let label: Int
    /// On the original grid.
    package let voxels: Int
    /// Mean probability of the class over the voxels of the network's grid where it won; nil where it won nowhere.
    package let meanConfidence: Double?
}
