/// How a value between voxel centres is found. Outside the grid the border voxel counts.
package enum Interpolation: String, Sendable, Codable {
    /// Trilinear, in double precision. For images.
    case linear
    /// The nearest voxel; halves go to the even index, as PyTorch rounds. For labels.
    case nearest
}
