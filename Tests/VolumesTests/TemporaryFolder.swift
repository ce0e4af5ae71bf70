import Foundation

/// A folder that goes away with the value that owns it.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "columna-volumes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> URL { url.appending(path: name) }

    /// Writes `bytes` under `name`.
    func file(_ name: String, _ bytes: Data) throws -> URL {
        let url = file(name)
        try bytes.write(to: url)
        return url
    }
}
