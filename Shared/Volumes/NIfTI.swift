package import Foundation

/// Volumes in NIfTI-1 and NIfTI-2 files, `.nii` or gzipped. Calls block; keep them off Swift's cooperative threads.
package enum NIfTI {
    /// Reads the header only. Throws `VolumeError` (every code up to `tooLarge`, `affineNotInvertible`, `spacingNotPositive`).
    package static func readHeader(_ url: URL, limits: ReadLimits = .standard) throws -> NIfTIHeader {
        try withPath(url) { try NIfTIReader(path: $0, limits: limits).header }
    }

    /// Reads one volume of any real type with the file's scaling applied: Hounsfield units for a CT.
    ///
    /// Besides what `readHeader` throws: `truncated`, `corruptCompression`, `longerThanHeaderStates`, and
    /// `nonFiniteVoxels` with their number and the first one's index.
    package static func readImage(_ url: URL, limits: ReadLimits = .standard) throws -> Volume<Float> {
        try withPath(url) { try NIfTIReader(path: $0, limits: limits).image() }
    }

    /// Reads a label map of any real type; every value must be a whole number 0…255 (`labelsNotIntegers`).
    package static func readLabels(_ url: URL, limits: ReadLimits = .standard) throws -> Volume<UInt8> {
        try withPath(url) { try NIfTIReader(path: $0, limits: limits).labels() }
    }

    /// Writes `.nii` or `.nii.gz`, as the name says, with equal sform and qform (in mm, code "scanner") and no scaling.
    /// Equal volumes give equal bytes. The file appears whole or not at all.
    package static func write(_ volume: Volume<Float>, to url: URL) throws {
        try write(volume, .float32, to: url)
    }

    /// As for `Float`.
    package static func write(_ volume: Volume<Int16>, to url: URL) throws {
        try write(volume, .int16, to: url)
    }

    /// As for `Float`.
    package static func write(_ volume: Volume<UInt8>, to url: URL) throws {
        try write(volume, .uint8, to: url)
    }

    private static func write<Voxel: BitwiseCopyable>(_ volume: Volume<Voxel>, _ type: NIfTIVoxelType, to url: URL) throws {
        let path = url.path(percentEncoded: false)
        guard path.hasSuffix(".nii") || path.hasSuffix(".nii.gz") else {
            throw VolumeError(.fileNotWritable, "a NIfTI file's name must end in .nii or .nii.gz", path: path)
        }
        try volume.geometry.affine.requireInvertible()
        let sink = try ByteSink(path: path, compressed: path.hasSuffix(".gz"))
        try NIfTILibrary.headerBytes(volume.geometry, type).withUnsafeBytes { try sink.write($0) }
        try volume.voxels.withUnsafeBytes { try sink.write($0) }
        try sink.finish()
    }

    private static func withPath<Result>(_ url: URL, _ read: (String) throws -> Result) throws -> Result {
        let path = url.path(percentEncoded: false)
        do {
            return try read(path)
        } catch var error as VolumeError {
            error.path = path
            throw error
        }
    }
}
