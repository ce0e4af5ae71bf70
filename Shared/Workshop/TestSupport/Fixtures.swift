package import Foundation

/// Finds what tests read: small files that are part of the project, and the large shared reference data that need not
/// be there.
package enum Fixtures {
    /// The folder that holds Package.swift.
    package static let packageRoot = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A file under Tests/Fixtures, by its path there: `url("networks/small.safetensors")`.
    package static func url(_ name: String) -> URL {
        packageRoot.appending(path: "Tests/Fixtures").appending(path: name)
    }

    /// The folder with `golden`, `data` and `design`: `COLUMNA_SHARED`, else `../shared` beside the package; nil when
    /// there is none.
    package static var shared: URL? {
        let named = ProcessInfo.processInfo.environment["COLUMNA_SHARED"].map {
            URL(filePath: $0, directoryHint: .isDirectory)
        }
        let folder =
            named ?? packageRoot.deletingLastPathComponent().appending(path: "shared", directoryHint: .isDirectory)
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }

    /// A file under the shared folder's `golden`, nil when it is not there: `golden("segresnet/cube.safetensors")`.
    package static func golden(_ name: String) -> URL? { existing("golden/" + name) }

    /// A file or folder under the shared folder's `data`, nil when it is not there.
    package static func data(_ name: String) -> URL? { existing("data/" + name) }

    private static func existing(_ path: String) -> URL? {
        guard let file = shared?.appending(path: path), FileManager.default.fileExists(atPath: file.path) else {
            return nil
        }
        return file
    }
}
