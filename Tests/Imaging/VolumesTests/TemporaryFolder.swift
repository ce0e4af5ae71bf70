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

    /// Compresses the file `name` with `gzip`, beside itself.
    func gzip(_ name: String) throws -> URL {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/gzip")
        process.arguments = ["-k", "-n", file(name).path]
        try process.run()
        process.waitUntilExit()
        return file(name + ".gz")
    }
}
