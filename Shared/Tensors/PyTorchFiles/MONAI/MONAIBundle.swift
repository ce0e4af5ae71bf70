package import Archives
package import Foundation

/// A bundle of MONAI: a folder, or a zip archive, with `configs/inference.json` (or `.yaml`) and `models/model.pt`.
/// Source: MONAI's bundle specification.
package enum MONAIBundle {
    private static let configurations = [
        "configs/inference.json", "configs/inference.yaml", "configs/inference.yml", "configs/metadata.json",
    ]

    /// Whether a folder holds a bundle, at its top or in one folder below.
    package static func isBundle(_ folder: URL) -> Bool {
        let manager = FileManager.default
        let below = ((try? manager.contentsOfDirectory(atPath: folder.path)) ?? []).prefix(1000).map {
            folder.appending(path: $0)
        }
        return ([folder] + below).contains { place in
            configurations.contains { manager.fileExists(atPath: place.appending(path: $0).path) }
        }
    }

    package static func isBundle(_ archive: ZipArchive) -> Bool {
        archive.entries.contains { entry in
            configurations.contains { entry.name == $0 || entry.name.hasSuffix("/" + $0) }
        }
    }
}
