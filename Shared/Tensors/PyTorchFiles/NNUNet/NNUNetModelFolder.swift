package import Archives
import Faults
package import Foundation

/// A trained model of nnU-Net v2 where it lies: `…/TRAINER__PLANS__CONFIGURATION` with plans.json, dataset.json and
/// fold_N/checkpoint_final.pth, or such folders in the zip of `nnUNetv2_export_model_to_zip`.
package struct NNUNetModelFolder {
    /// What a model can be chosen by where there are several; nil takes the only one, and the first fold.
    package struct Choice: Sendable {
        package var configuration: String?
        package var fold: String?

        package init(configuration: String? = nil, fold: String? = nil) {
            self.configuration = configuration
            self.fold = fold
        }
    }

    /// The folder's name, `nnUNetTrainer__nnUNetPlans__3d_fullres`; empty when the folder itself was given.
    let folder: String
    /// Folds with a checkpoint: `0`, `1`, … or `all`.
    package let folds: [String]
    package let fold: String
    /// Folders with a checkpoint that are called like folds and are none to nnU-Net, such as `fold_0_old`.
    package let strangers: [String]
    private let files: ModelFiles
    private let checkpoint: String

    private static let largestSettings = 64 << 20
    private static let checkpointNames = ["checkpoint_final.pth", "checkpoint_best.pth"]

    /// - Throws: `missingTensor` if there is no model or the choice is not there, naming what is; `inputOutput`,
    ///   `malformedArchive`.
    package init(_ url: URL, _ choice: Choice = Choice()) throws {
        if Self.isFolder(url) {
            files = .folder(url.resolvingSymlinksInPath())
        } else {
            do {
                files = .archive(try ZipArchive(data: Data(contentsOf: url, options: .alwaysMapped)))
            } catch let error where !(error is PyTorchFileError) {
                throw PyTorchFileError(.inputOutput, "the archive cannot be read: \(PyTorchFile.reason(error))")
            }
        }
        let paths = try files.paths
        folder = try Self.folder(paths, choice.configuration)
        let all = Self.checkpoints(paths, folder)
        let found = all.filter { Self.isFold($0.key) }
        strangers = all.keys.filter { !Self.isFold($0) }.map { "fold_\($0)" }.sorted()
        folds = found.keys.sorted { (Int($0) ?? .max, $0) < (Int($1) ?? .max, $1) }
        let fold = choice.fold ?? folds[0]
        guard let checkpoint = found[fold] else {
            throw PyTorchFileError(
                .missingTensor, "the model has no fold \(fold.prefix(20)), only \(folds.joined(separator: ", "))")
        }
        self.fold = fold
        self.checkpoint = checkpoint
    }

    /// Links are followed: results often lie on another disk than the folder that names them.
    package static func isFolder(_ url: URL) -> Bool {
        (try? url.resolvingSymlinksInPath().resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true
    }

    /// Whether a zip archive is one of models, not a file of torch.save.
    package static func isModel(_ archive: ZipArchive) -> Bool {
        let paths = archive.entries.map(\.name)
        return paths.contains { $0 == "plans.json" || $0.hasSuffix("/plans.json") } || isFirstVersion(paths)
    }

    /// nnU-Net v1 kept its plans as a pickle and its checkpoints as `….model`.
    private static func isFirstVersion(_ paths: [String]) -> Bool {
        paths.contains { path in
            let name = path.split(separator: "/").last ?? ""
            return name == "plans.pkl" || name.hasSuffix(".model") && name.hasPrefix("model_")
        }
    }

    package func plans() throws -> Data { try files.bytes(folder + "plans.json", limit: Self.largestSettings) }

    package func dataset() throws -> Data { try files.bytes(folder + "dataset.json", limit: Self.largestSettings) }

    /// - Parameter parameterCount: of the network that the plans describe, which `validate` bounds. A checkpoint holds
    ///   it at most four times (the optimizer's moments), which bounds what a compressed one may become; inside it
    ///   nothing is compressed once more.
    package func checkpoint(parameterCount: Int) throws -> PyTorchFile {
        try PyTorchFile(
            data: files.bytes(checkpoint, limit: 4 * parameterCount * MemoryLayout<Float>.size + Self.largestSettings))
    }

    /// The one folder with plans.json and a checkpoint, with its `/`.
    private static func folder(_ paths: [String], _ configuration: String?) throws -> String {
        let all = paths.filter { $0 == "plans.json" || $0.hasSuffix("/plans.json") }.map {
            String($0.dropLast("plans.json".count))
        }
        .filter { checkpoints(paths, $0).keys.contains(where: isFold) }
        func name(_ folder: String) -> String { folder.split(separator: "/").last.map(String.init) ?? "" }
        let chosen =
            configuration.map { wanted in all.filter { name($0).hasSuffix("__" + wanted) || $0.isEmpty } } ?? all
        guard chosen.count == 1 else {
            let names = all.map { $0.isEmpty ? "the folder itself" : name($0) }.sorted().joined(separator: ", ")
            guard !all.isEmpty else { throw noModel(paths) }
            throw PyTorchFileError(
                .missingTensor,
                "there are several models or none of that configuration (\(names)): name one with --configuration")
        }
        return chosen[0]
    }

    private static func noModel(_ paths: [String]) -> PyTorchFileError {
        if isFirstVersion(paths) { return .firstVersion }
        if let checkpoint = paths.first(where: { path in
            checkpointNames.contains { path == $0 || path.hasSuffix("/" + $0) }
        }) {
            return PyTorchFileError(
                .missingTensor,
                "a checkpoint of nnU-Net without the plans.json and dataset.json beside its fold: name the folder above, or "
                    + "\(checkpoint.split(separator: "/").last ?? "the checkpoint") itself, which has both inside")
        }
        let expected = "a folder with plans.json, dataset.json and fold_N/checkpoint_final.pth is expected"
        let hasPlans = paths.contains { $0 == "plans.json" || $0.hasSuffix("/plans.json") }
        return PyTorchFileError(
            .missingTensor,
            hasPlans ? "plans of nnU-Net without a finished fold: \(expected)" : "no model of nnU-Net: \(expected)")
    }

    private static func isFold(_ name: String) -> Bool {
        Int(name).map { $0 >= 0 && String($0) == name } ?? (name == "all")
    }

    /// Fold to path; the final checkpoint where there are several.
    private static func checkpoints(_ paths: [String], _ folder: String) -> [String: String] {
        var found: [String: String] = [:]
        for name in checkpointNames.reversed() {
            for path in paths where path.hasPrefix(folder + "fold_") && path.hasSuffix("/" + name) {
                let fold = path.dropFirst(folder.count + "fold_".count).dropLast(name.count + 1)
                if !fold.contains("/") { found[String(fold)] = path }
            }
        }
        return found
    }
}
