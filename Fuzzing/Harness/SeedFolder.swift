package import Foundation

/// Seeds taken from the project's own examples and fixtures.
package enum SeedFolder {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Copies the small files of a folder of the project.
    package static func copy(_ source: String, ending: String, largest: Int, to folder: URL) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: root.appending(path: source).path).sorted()
        where name.hasSuffix(ending) {
            let content = try Data(contentsOf: root.appending(path: source).appending(path: name))
            if content.count <= largest { try content.write(to: folder.appending(path: name)) }
        }
    }
}
