package import Foundation

/// A temporary folder that only this user may look into, removed with the value.
package final class PrivateFolder: Sendable {
    package let url: URL

    /// - Throws: `DICOMError.fileNotWritable`.
    package init(purpose: String) throws(DICOMError) {
        var template = Array(
            FileManager.default.temporaryDirectory.appending(path: "columna-study-XXXXXX").path.utf8CString)
        guard mkdtemp(&template) != nil else {
            throw DICOMError(
                .fileNotWritable, "no temporary folder can be made for \(purpose): check TMPDIR and its free space")
        }
        url = URL(
            filePath: String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self),
            directoryHint: .isDirectory)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
