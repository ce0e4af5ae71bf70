package import Volumes

/// A label map that came back as a DICOM segmentation.
package struct SegmentationReading: Sendable {
    /// How voxels are read that several segments claim.
    package enum Overlap: String, Sendable, CaseIterable, Codable {
        /// Such an object is refused: a label map cannot say it.
        case refuse
        /// The segment of the lowest number has the voxel.
        case lowest
        /// The segment of the highest number has it.
        case highest
    }

    /// In RAS.
    package let labels: Volume<UInt8>
    /// `value` is the voxel value in `labels`.
    package let segments: [Segment]
    /// Labels of segments that the label set asked for does not have; their voxels are background.
    package let unknownSegments: [String]
    package let studyInstance: String?
    /// Of the images it was drawn on, if the object says so.
    package let sourceSeriesInstance: String?
    /// What the labels rest on that the object does not say in so many words, one sentence each.
    package let assumptions: [String]
    /// Voxels that more than one segment claims.
    package let overlappingVoxelCount: Int
}
