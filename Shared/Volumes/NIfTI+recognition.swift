import FileKinds
package import Foundation

extension NIfTI {
    /// Whether a file is to be read as NIfTI: it is named so, or begins so whatever its name (gzip counts). False for what is no regular file.
    package static func isNIfTI(_ url: URL) -> Bool {
        let name = url.lastPathComponent.lowercased()
        if [".nii", ".hdr", ".img"].contains(where: { name.hasSuffix($0) || name.hasSuffix($0 + ".gz") }) { return true }
        guard let kind = kind(of: url) else { return false }
        return kind == .nifti || kind == .gzip
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
