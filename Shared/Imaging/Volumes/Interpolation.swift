/// How a value between voxel centres is found.
package enum Interpolation: String, Sendable, Codable, CaseIterable {
    /// Trilinear. Of labels: the label with the largest trilinear share of the eight voxels around the point (the
    /// argmax of interpolated one-hot volumes), of equal ones that of the nearest voxel.
    case linear
    /// The nearest voxel.
    case nearest
    /// Cubic B-splines through all voxel values (with prefilter); overshoots at edges unless the convention clips. For
    /// images only.
    case cubic
}
