package import Volumes

/// A series read as one volume.
package struct DICOMSeries: Sendable {
    /// Rescaled values (Hounsfield units for CT). i grows along a row of pixels, j down the rows, k along the slice normal;
    /// the affine is RAS+.
    package var volume: Volume<Float>
    /// Every value is an integer that fits 16 bits, so the volume may be stored as `Int16` without loss.
    package var isInt16Exact: Bool
    package var tags: SeriesTags
    /// What else was found, for the record.
    package var skipped: [SkippedObjects]
    package var studyHash: String
    package var seriesHash: String
    package var instanceCount: Int

    /// The volume with 16-bit voxels, half the size; nil where that would change a value.
    package var int16Volume: Volume<Int16>? {
        isInt16Exact ? volume.map { Int16($0) } : nil
    }
}
