package import Anatomy
import Volumes

/// One vertebra (or the sacrum) as a label map shows it.
package struct VertebraSummary: Sendable, Equatable {
    package let label: Label
    package let voxels: Int
    package let volumeInMillilitres: Double
    /// Of the largest component, RAS+ millimetres.
    package let centroid: SIMD3<Double>
    /// 26-connected.
    package let componentCount: Int
    /// The largest component's part of the voxels, 0 … 1.
    package let largestShare: Double
    /// Whether the largest component reaches the outermost voxels of the grid: what lies beyond the field of view is
    /// unknown.
    package let isCut: Bool
    /// Softmax entropy over the voxels where the class won, divided by ln K, 0 … 1; nil where nobody told.
    package let meanEntropy: Double?

    /// How far it looks is the field of view's doing more than the vertebra's: its volume and the distance to its
    /// neighbour say little.
    var isMeasurable: Bool { !isCut && label.name != "sacrum" }

    /// Between the centroids, millimetres.
    func distance(to other: VertebraSummary) -> Double { (centroid - other.centroid).length }
}
