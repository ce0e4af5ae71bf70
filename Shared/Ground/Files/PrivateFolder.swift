package import Foundation

/// A temporary folder that only this user may look into, removed with the value.
package final class PrivateFolder: Sendable {
    package let url: URL

    package init() throws(SystemFailure) {
        var template = Array(
            FileManager.default.temporaryDirectory.appending(path: "columna-study-XXXXXX").path.utf8CString)
        guard mkdtemp(&template) != nil else {
            throw SystemFailure("make a temporary folder")
        }
        url = URL(
            filePath: String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self),
            directoryHint: .isDirectory)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
