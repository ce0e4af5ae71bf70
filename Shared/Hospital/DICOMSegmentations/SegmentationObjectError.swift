package import Faults

/// Why a DICOM segmentation cannot be written or read. Two errors are equal when their codes are; nothing of the
/// patient is quoted.
package typealias SegmentationObjectError = CodedFault<SegmentationObjectErrorCode>

package enum SegmentationObjectErrorCode: String, FaultCode {
    /// No file of the source series is an image with a place in space, or files of several series are mixed.
    case invalidSource = "invalid-source"
    /// The label map does not lie on a grid whose slices are rectangles, or has no voxel of any segment.
    case invalidLabels = "invalid-labels"
    case notASegmentation = "not-a-segmentation"
    case missingAttribute = "missing-attribute"
    /// Fractions, or pixels in a codec that is not decoded here or that may lose something.
    case unsupported
    case overlappingSegments = "overlapping-segments"
    /// The frames do not lie on one grid, or not on the grid asked for.
    case otherGrid = "other-grid"
    case wrongPixelLength = "wrong-pixel-length"
    case tooLarge = "too-large"

    package static let origin: String? = "segmentation"

    package var blame: Blame { .input }
}
