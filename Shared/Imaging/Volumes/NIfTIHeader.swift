/// What a NIfTI header says about its single volume, checked and in Columna's terms.
package struct NIfTIHeader: Sendable, Hashable {
    /// Where the affine came from; a file has up to two, and the first usable one of these wins.
    package enum AffineSource: String, Sendable, Codable {
        case sform
        /// The sform is not set, or has a code without a usable matrix.
        case qform
        /// Neither is set. As nibabel does it: voxel sizes only, i to the left, world origin in the volume's middle.
        /// Left and right are then an assumption of the ANALYZE format, not a statement of the file.
        case pixdim
    }

    /// 1 or 2.
    package var version: Int
    package var isBigEndian: Bool
    package var geometry: Geometry
    package var voxelType: NIfTIVoxelType
    /// Stored value · slope + intercept = value. (1, 0) where the file states no scaling.
    package var slope: Double
    package var intercept: Double
    /// Bytes from the (decompressed) start of the file, or of the `.img` file of a pair, to the first voxel.
    package var dataOffset: Int
    /// Whether the voxels are in an `.img` file beside the header's.
    package var isPair = false
    package var affineSource: AffineSource
    /// What was assumed in reading the header, and what of it was left out because it contradicts what was taken: for
    /// whoever must trust the result.
    package var remarks: [String] = []
    /// What Columna wrote of the volume beside its voxels (the field `descrip`), nil where it wrote nothing. What
    /// others wrote there may name a patient, and is not read.
    package var note: String?

    package var dataByteCount: Int { geometry.voxelCount * voxelType.byteCount }
}
