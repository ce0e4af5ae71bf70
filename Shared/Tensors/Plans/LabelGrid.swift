/// Where the class that wins is decided.
package enum LabelGrid: String, Sendable, Codable, CaseIterable {
    /// At the voxels of the original grid, between which logits are interpolated: MONAI Label, nnU-Net.
    case original
    /// At those of the network's grid; labels come back by the nearest voxel: MONAI's bundles, TotalSegmentator.
    case network
}
