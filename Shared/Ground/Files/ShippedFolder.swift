package import Foundation

/// A folder of files that come with the programs and are no part of them, such as the schema's.
package struct ShippedFolder: Sendable {
    /// As in the repository and the image.
    package let name: String
    /// The environment's variable that says where it is.
    package let variable: String
    /// A file by which it is known.
    package let landmark: String

    package init(name: String, variable: String, landmark: String) {
        self.name = name
        self.variable = variable
        self.landmark = landmark
    }

    /// Where the variable says, else below the executable's folder or one of five above it, by its name or in
    /// `share/columna`, else in the source checkout that this program was built from. Nil: nowhere.
    package func location(_ environment: [String: String]) -> URL? {
        if let path = environment[variable] {
            let folder = URL(filePath: path, directoryHint: .isDirectory)
            return isThere(folder) ? folder : nil
        }
        return candidates.first(where: isThere)
    }

    private var candidates: [URL] {
        let executable = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        let above = sequence(first: executable) { $0.path == "/" ? nil : $0.deletingLastPathComponent() }.prefix(6)
        let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return above.flatMap { [$0.appending(path: name), $0.appending(path: "share/columna/\(name)")] }
            + [source.appending(path: name)]
    }

    private func isThere(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: landmark).path)
    }
}
