import Files
package import Volumes

/// A series read as one volume.
package struct DICOMSeries: Sendable {
    /// Of the volume: i grows along a row of pixels, j down the rows, k along the slice normal; the affine is RAS+.
    package let geometry: Geometry
    package let tags: SeriesTags
    /// What else was found, for the record.
    package let skipped: [SkippedObjects]
    /// What was decided in reading and why, one sentence each, without anything about the patient: tilt corrected,
    /// spacing resampled, slices interpolated, a stack chosen.
    package let decisions: [String]
    /// What the volume was made from, in the order of k. One per plane of the grid unless `isResampled`.
    package let instances: [SourceInstance]
    /// Tilt, unequal spacing or missing slices: the volume's planes are not the slices that were sent.
    package let isResampled: Bool
    package let studyHash: String
    package let seriesHash: String

    let values: SliceValues
    /// Keeps extracted files, and links that stand for unspeakable names, alive.
    let privateFolder: PrivateFolder?

    /// Number of different objects the volume was made from.
    package var instanceCount: Int { Set(instances.map(\.file)).count }

    /// Rescaled values (Hounsfield units for CT). Converts the whole volume where it is of 16 bits (`int16Volume`).
    package var volume: Volume<Float> { Volume(geometry: geometry, voxels: values.floats) }

    /// Every value is an integer that fits 16 bits, so the volume may be stored as `Int16` without loss.
    package var isInt16Exact: Bool { int16Volume != nil }

    /// The volume with 16-bit voxels as it was read, without a copy; nil where 16 bits would change a value.
    package var int16Volume: Volume<Int16>? {
        guard case .int16(let voxels) = values else { return nil }
        return Volume(geometry: geometry, voxels: voxels)
    }
}
