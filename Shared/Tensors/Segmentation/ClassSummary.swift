/// One class of a segmentation.
package struct ClassSummary: Sendable, Equatable, Codable {
    package let label: Int
    /// On the original grid.
    package let voxels: Int
    /// Mean probability of the class over the voxels of the network's grid where it won; nil where it won nowhere.
    package let meanConfidence: Double?
    /// Mean over the same voxels of the softmax's entropy, −Σ p ln p over all K classes, divided by its greatest value
    /// ln K: 0 where the network knows one class only, 1 where all are alike to it; a tie between two classes is ln 2 /
    /// ln K (0.21 for K = 26). Nil where it won nowhere.
    package let meanEntropy: Double?
}
