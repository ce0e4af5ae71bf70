package import Foundation

/// A folder of one test that goes away with the value that owns it.
package final class TemporaryFolder: Sendable {
    /// Without links, as paths that were opened are told.
    package let url: URL

    package init() throws {
        url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().appending(
            path: "columna-test-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    package func file(_ name: String) -> URL { url.appending(path: name) }

    /// Writes `bytes` under `name`.
    package func file(_ name: String, _ bytes: Data) throws -> URL {
        let url = file(name)
        try bytes.write(to: url)
        return url
    }
}
