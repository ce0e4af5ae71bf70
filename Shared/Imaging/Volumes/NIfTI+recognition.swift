import Files
package import Foundation

extension NIfTI {
    /// Whether a file is to be read as NIfTI: it begins so (gzip counts) or is named so, and is no DICOM object,
    /// whatever its name. Voxels of a pair have their name only.
    package static func isNIfTI(_ url: URL) -> Bool {
        let kind = kind(of: url)
        if kind == .nifti || kind == .gzip { return true }
        let name = url.lastPathComponent.lowercased()
        return kind != .dicom && [".nii", ".hdr", ".img"].contains { name.hasSuffix($0) || name.hasSuffix($0 + ".gz") }
    }

    /// What a file is that can be neither NIfTI nor DICOM, such as `a web page (HTML)`; nil where it may be either.
    package static func nameOfStranger(_ url: URL) -> String? {
        guard let kind = kind(of: url), ![.nifti, .gzip, .dicom, .zip, .zeros].contains(kind) else { return nil }
        return kind.description
    }

    /// Nil also for what cannot be read: who reads it says why.
    private static func kind(of url: URL) -> FileKind? {
        guard let file = try? InputFile(path: url.path(percentEncoded: false)) else { return nil }
        let start = try? [UInt8](unsafeUninitializedCapacity: FileKind.byteCount) { bytes, count in
            count = try file.read(into: UnsafeMutableRawBufferPointer(bytes), at: 0)
        }
        return start.flatMap { FileKind($0) }
    }
}
