package import Archives
import Faults
package import Foundation

/// A bundle of MONAI: a folder, or a zip archive, with `configs/inference.json` and `models/model.pt`. Source: MONAI's
/// bundle specification.
package struct MONAIBundle {
    /// Of `configs/inference.json`.
    package var configuration: BundleConfiguration
    /// The names of the network's outputs by `configs/metadata.json`, `background` first; nil where it has none.
    package let labels: [String]?
    package let version: String?
    private let files: ModelFiles
    /// Of the bundle's files, with its `/`.
    private let top: String

    private static let largestSettings = 16 << 20
    private static let largestWeights = 4 << 30

    /// - Throws: `missingTensor` where it has no configuration in JSON, `malformedSettings`, `malformedArchive`,
    ///   `inputOutput`.
    package init(_ url: URL) throws {
        files =
            NNUNetModelFolder.isFolder(url)
            ? .folder(url.resolvingSymlinksInPath())
            : .archive(try ZipArchive(data: Data(contentsOf: url, options: .alwaysMapped)))
        let paths = try files.paths
        let name = "configs/inference.json"
        guard
            let path = paths.filter({ $0 == name || $0.hasSuffix("/" + name) }).min(by: { $0.count < $1.count })
        else {
            throw PyTorchFileError(
                .missingTensor,
                "a bundle of MONAI without configs/inference.json, which says what is done to images; configurations in YAML are not read: "
                    + "import its models/model.pt with a --plan")
        }
        top = String(path.dropLast(name.count))
        configuration = try BundleConfiguration(
            json: files.bytes(path, limit: Self.largestSettings), name: "configs/inference.json")
        let metadata = top + "configs/metadata.json"
        let facts =
            paths.contains(metadata)
            ? try PythonJSON.object(
                files.bytes(metadata, limit: Self.largestSettings), name: "configs/metadata.json",
                owner: "a MONAI bundle") : [:]
        version = facts["version"] as? String
        labels = Self.labels(facts)
    }

    /// `network_data_format.outputs.pred.channel_def`: from "0", "1" … to names.
    private static func labels(_ facts: [String: Any]) -> [String]? {
        var value: Any? = facts
        for key in ["network_data_format", "outputs", "pred", "channel_def"] { value = (value as? [String: Any])?[key] }
        guard let names = value as? [String: String], !names.isEmpty else { return nil }
        let list = (0..<names.count).compactMap { names[String($0)] }
        return list.count == names.count ? list : nil
    }

    /// The weights that the configuration loads, `models/model.pt` where it says nothing.
    /// - Throws: `missingTensor` naming the file that is not there; as `PyTorchFile`.
    package func weights() throws -> PyTorchFile {
        var wanted = "models/model.pt"
        if let path = try configuration.value("checkpointloader#load_path") as? String {
            wanted = path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        }
        let paths = try files.paths
        guard paths.contains(top + wanted) else {
            let there = paths.filter { $0.hasSuffix(".pt") }.map { $0.split(separator: "/").last ?? "" }
            throw PyTorchFileError(
                .missingTensor,
                "the bundle has no \(wanted.prefix(80)), from which its configuration loads weights; it has \(there.isEmpty ? "no .pt at all: large files of bundles are downloaded apart (large_files.yml)" : there.joined(separator: ", "))"
            )
        }
        return try PyTorchFile(data: files.bytes(top + wanted, limit: Self.largestWeights))
    }

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
