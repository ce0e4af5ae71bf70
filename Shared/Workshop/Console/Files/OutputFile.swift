import Foundation

/// A file that a command writes after long work: whether it can be is asked before.
package enum OutputFile {
    /// - Parameter option: what names the file, such as `--output`.
    /// - Throws: `CommandFailure` (`failed`) where the path is a folder, or lies in none that can be written to.
    package static func requireWritable(_ option: String, _ path: String) throws {
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        if manager.fileExists(atPath: path, isDirectory: &isFolder) {
            guard !isFolder.boolValue else {
                throw CommandFailure(.failed, "\(option): \(path) is a folder, expected the name of a file")
            }
            // A device's folder may be nobody's to write to.
            if manager.isWritableFile(atPath: path) { return }
        }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        guard manager.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue,
            manager.isWritableFile(atPath: folder)
        else {
            throw CommandFailure(.failed, "\(option): folder \(folder) does not exist or cannot be written to")
        }
    }
}
