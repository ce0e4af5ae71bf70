import Faults
package import Foundation
package import Volumes

/// DICOM Segmentation Storage (PS3.3 A.51): label maps as objects that a PACS keeps beside the images. Calls block.
package enum SegmentationObject {
    /// What was written.
    package struct Written: Sendable, Hashable {
        package let sopInstance: String
        package let seriesInstance: String
        package let frameCount: Int
        /// Those with voxels, numbered from 1 in this order.
        package let segments: [Segment]
        /// Whether every frame is one of the source images, pixel for pixel; false for grids that were resampled.
        package let isOnSourceImages: Bool
        /// What the object does not say though the images do, one sentence each, without its content.
        package let remarks: [String]
    }

    /// Writes a binary segmentation: one frame for each plane and segment that has voxels there.
    ///
    /// Equal input gives equal bytes; unique identifiers follow from study, series, algorithm, content and mark (2.25.,
    /// UUIDs of version 8).
    /// - Parameters:
    ///   - labels: on the grid of the source series in RAS, its axes in any order and direction; or on a grid that was
    ///     resampled from it. Then frames have places of their own and refer to the nearest images.
    ///   - segments: what the values mean; values without a segment and segments without voxels are left out.
    ///   - review: why somebody should look: stands in the descriptions of series, content and segments, and in full in
    ///     the image comments.
    ///   - seriesNumber: any that the study does not have.
    /// - Throws: `SegmentationObjectError` (`invalidLabels`, `invalidSource`, `tooLarge`), `DICOMObjectError`
    ///   (`unwritable`).
    @discardableResult
    package static func write(
        labels: Volume<UInt8>, segments: [Segment], source: SourceSeries, algorithm: SegmentationAlgorithm,
        contentDate: ContentMoment,
        review: ReviewMark? = nil, seriesNumber: Int = 9001, to file: URL
    ) throws -> Written {
        guard !source.images.isEmpty, source.orientation.count == 6 else {
            throw SegmentationObjectError(
                .invalidSource, "a segmentation needs at least one source image with a place in space")
        }
        let segments = segments.sorted { $0.value < $1.value }
        guard !segments.contains(where: { $0.value == 0 }), Set(segments.map(\.value)).count == segments.count else {
            throw SegmentationObjectError(
                .invalidLabels, "segments must have different values, none of them 0 (background)")
        }
        let content = try SegmentationContent(labels, segments, source)
        let writer = SegmentationWriter(
            content: content, source: source, algorithm: algorithm, moment: contentDate, review: review,
            seriesNumber: seriesNumber,
            identifiers: try SegmentationIdentifiers(content, source, algorithm, review))
        return try writer.write(to: file)
    }
}
