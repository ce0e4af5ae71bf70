import Archives
import Faults
package import Foundation

/// Volumes in NIfTI-1 and NIfTI-2 files, `.nii` or gzipped, also read from pairs of `.hdr` and `.img`. Calls block;
/// keep them off Swift's cooperative threads.
package enum NIfTI {
    /// Reads the header only. Throws `VolumeError` (every code up to `tooLarge`, `affineNotInvertible`,
    /// `spacingNotPositive`).
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

    /// Reads a label map of any real type; every value must be a whole number 0…255 but for rounding
    /// (`labelsNotIntegers`): see `LabelRounding`.
    package static func readLabels(_ url: URL, limits: ReadLimits = .standard) throws -> Volume<UInt8> {
        try readLabelsAndHeader(url, limits: limits).labels
    }

    /// The same with what the header says of them. Opened once: what lies at a path may be another file the next time.
    package static func readLabelsAndHeader(
        _ url: URL, limits: ReadLimits = .standard
    ) throws -> (header: NIfTIHeader, labels: Volume<UInt8>) {
        try withPath(url) {
            let reader = try NIfTIReader(path: $0, limits: limits)
            return (reader.header, try reader.labels())
        }
    }

    /// How the numbers of an image are stored.
    package enum ImageStorage: Sendable {
        case float32
        /// For whole numbers in −32768…32767: half the bytes.
        case int16
    }

    /// Writes `.nii` or `.nii.gz`, as the name says, with equal sform and qform (in mm, code "scanner") and no scaling;
    /// a sheared grid, which a qform cannot say, has the sform only. Equal volumes give equal bytes, whatever the
    /// number of processors.
    ///
    /// The file appears whole or not at all. Throws `fileNotWritable` (also for a full disk), `spacingNotPositive` or
    /// `affineNotInvertible`; `valuesDoNotFit` where `.int16` cannot hold a value exactly.
    package static func write(_ volume: Volume<Float>, as storage: ImageStorage = .float32, to url: URL) throws {
        switch storage {
        case .float32:
            try write(volume.geometry, .float32, to: url) { sink in try volume.voxels.withUnsafeBytes(sink.write) }
        case .int16:
            try write(volume.geometry, .int16, to: url) { sink in try Int16Pieces.write(volume.voxels, to: sink) }
        }
    }

    /// As for `Float`.
    package static func write(_ volume: Volume<Int16>, to url: URL) throws {
        try write(volume.geometry, .int16, to: url) { sink in try volume.voxels.withUnsafeBytes(sink.write) }
    }

    /// As for `Float`.
    ///
    /// - Parameter note: what must be known of the labels wherever they go (`NIfTIHeader.note`); ASCII, the first 70
    ///   characters of it.
    package static func write(_ volume: Volume<UInt8>, note: String? = nil, to url: URL) throws {
        try write(volume.geometry, .uint8, note: note, to: url) { sink in try volume.voxels.withUnsafeBytes(sink.write)
        }
    }

    static func write(
        _ geometry: Geometry, _ type: NIfTIVoxelType, scaling: (slope: Double, intercept: Double) = (1, 0),
        note: String? = nil, to url: URL,
        voxels: (ByteSink) throws -> Void
    ) throws {
        let path = url.path(percentEncoded: false)
        guard path.hasSuffix(".nii") || path.hasSuffix(".nii.gz") else {
            throw VolumeError(.fileNotWritable, "a NIfTI file's name must end in .nii or .nii.gz", path: path)
        }
        try geometry.affine.requireInvertible()
        let sink = try ByteSink(
            path: path, gzip: path.hasSuffix(".gz") ? (type.byteCount == 1 ? .thorough : .fast) : nil)
        try NIfTILibrary.headerBytes(geometry, type, scaling, note: note).withUnsafeBytes(sink.write)
        try voxels(sink)
        try sink.finish()
    }

    static func withPath<Result>(_ url: URL, _ read: (String) throws -> Result) throws -> Result {
        let path = url.path(percentEncoded: false)
        do {
            return try read(path)
        } catch var error as VolumeError {
            error.path = path
            throw error
        }
    }
}
