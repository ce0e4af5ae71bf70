package import Foundation

/// A folder that a command makes.
package enum OutputFolder {
    /// - Parameter option: what names the folder, such as `--output`.
    /// - Throws: `CommandFailure` (`failed`) where there is something of that name.
    package static func requireNew(_ option: String, _ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure(.failed, "\(option): \(path) exists already: name a new folder")
        }
    }

    /// The folder appears whole or not at all.
    package static func write(_ files: [(path: String, data: Data)], to folder: URL) throws {
        let manager = FileManager.default
        let temporary = folder.deletingLastPathComponent().appending(
            path: ".\(folder.lastPathComponent).\(UUID().uuidString)")
        defer { try? manager.removeItem(at: temporary) }
        for (path, data) in files {
            let file = temporary.appending(path: path)
            try manager.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try data.write(to: file)
        }
        try manager.moveItem(at: temporary, to: folder)
    }
}
