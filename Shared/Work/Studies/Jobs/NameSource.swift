/// Where the vertebrae of a segmentation have their names from.
package enum NameSource: String, Sendable, Codable, CaseIterable {
    /// Each voxel the name that the network gives it.
    case network
    /// Each bone the name that fits best along the whole spine, by what the network says and by anatomy.
    case anatomy

    /// What a study gets that asks for neither; written into its order when its model is.
    package static let usual = NameSource.anatomy
}
