import Archives
import Faults
import Foundation

/// The files below a folder, or in a zip archive, by relative paths with `/`.
enum ModelFiles {
    case folder(URL)
    case archive(ZipArchive)

    /// Folders of results hold predictions of all cases; a model's own files come long before that many.
    private static let mostFiles = 20_000

    /// - Throws: `inputOutput`, `malformedArchive`.
    var paths: [String] {
        get throws {
            switch self {
            case .archive(let archive):
                return archive.entries.map(\.name).filter(Self.isOwn)
            case .folder(let url):
                let root = url.standardizedFileURL.pathComponents.count
                guard
                    let files = FileManager.default.enumerator(
                        at: url, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])
                else {
                    throw PyTorchFileError(.inputOutput, "the folder cannot be read")
                }
                var paths: [String] = []
                for case let file as URL in files {
                    guard paths.count < Self.mostFiles else {
                        throw PyTorchFileError(
                            .inputOutput,
                            "the folder holds more than \(Self.mostFiles) files; name the folder with plans.json")
                    }
                    paths.append(file.standardizedFileURL.pathComponents.dropFirst(root).joined(separator: "/"))
                }
                return paths.filter(Self.isOwn)
            }
        }
    }

    /// Whether it is none of what macOS puts beside files: their names with other contents.
    private static func isOwn(_ path: String) -> Bool {
        !path.split(separator: "/").contains { $0 == "__MACOSX" || $0.hasPrefix("._") }
    }

    /// A file's bytes, mapped where it is not compressed.
    /// - Parameter limit: what a compressed file may become, at most.
    func bytes(_ path: String, limit: Int) throws -> Data {
        switch self {
        case .archive(let archive):
            guard let entry = archive.entry(path) else {
                throw PyTorchFileError(.inputOutput, "the archive has no entry \(path)")
            }
            return try archive.bytes(entry, limit: limit)
        case .folder(let url):
            let file = url.appending(path: path)
            do {
                return try Data(contentsOf: file, options: .alwaysMapped)
            } catch {
                let reason = PyTorchFile.unfetched(file) ?? PyTorchFile.reason(error)
                throw PyTorchFileError(
                    .inputOutput,
                    "the model folder's \(path.split(separator: "/").last ?? "") cannot be read: \(reason)")
            }
        }
    }
}
