import ArgumentParser
import Console
import Foundation
import JobEngine
import ModelExchange
import Networks
import Operations
import Plans
import PyTorchFiles
import Storage
import Studies
import Threads

/// `columna models export`: a version's weights for other programs.
struct ModelsExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract:
            "Write a model version for other programs: safetensors with its plan, MONAI's .pt, or nnU-Net's model folder.",
        discussion: """
            monai: a state dict for torch.load(…, weights_only=True), without the plan (`columna models show` prints it).
            nnunet: a folder for nnU-Net's predictor; a name that ends in .zip gives what nnUNetv2_install_pretrained_model_from_zip takes.

            Examples:
              columna models export spine@3 -o spine.safetensors
              columna models export spine@3 --format monai -o spine.pt
              columna models export vertebrae --format nnunet -o vertebrae.zip
            """)

    @Argument(help: "NAME or NAME@VERSION.")
    var model: ModelArgument

    @Option(help: "Whose file it is to be.")
    var format = ModelExport.Format.safetensors

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write.", valueName: "path"))
    var output: String

    func run() async throws {
        let system = try SystemConnection()
        let version = try await system.model(model.reference)
        guard let address = ContentAddress(version.weights.address) else {
            throw CommandFailure(.failed, "the weights have no address")
        }
        let store = try await system.objects()
        guard case .intact = try await store.verify(address) else {
            throw CommandFailure(
                .failed,
                "the weights of \(version.reference) are damaged or missing in storage: run `columna storage verify`")
        }
        let file = try await store.open(address, expectedByteCount: version.weights.byteCount)
        let command = self
        let remarks = try await OwnThread.run { try command.write(Data(contentsOf: file, options: .alwaysMapped)) }
        print("wrote \(output): \(version.reference) as \(format.rawValue)")
        for text in remarks { remark("note: \(text)") }
    }

    /// - Returns: what whoever uses the file must know.
    private func write(_ data: Data) throws -> [String] {
        let target = URL(filePath: output)
        guard format != .safetensors else {
            try data.write(to: target, options: .atomic)
            return []
        }
        let made = try ModelFile.model(from: data)
        let export = ModelExport(
            plan: made.plan, parameters: made.network.parameters, source: try ModelSource.inModelFile(data),
            name: model.reference.name)
        switch format {
        case .safetensors: return []
        case .monai:
            try export.monai().write(to: target, options: .atomic)
            return ["The plan is not in the file: `columna models show \(model.reference) --json` has it."]
        case .nnUNet:
            let (made, remarks) = try export.nnUNet()
            if target.pathExtension == "zip" {
                try made.archive().write(to: target, options: .atomic)
            } else {
                try write(made.files(), to: target)
            }
            return remarks
        }
    }

    /// The folder appears whole or not at all.
    private func write(_ files: [(path: String, data: Data)], to folder: URL) throws {
        let manager = FileManager.default
        guard !manager.fileExists(atPath: folder.path) else {
            throw CommandFailure(.failed, "\(output) exists already: name a new folder")
        }
        let temporary = folder.deletingLastPathComponent().appending(
            path: ".\(folder.lastPathComponent).\(UUID().uuidString)")
        defer { try? manager.removeItem(at: temporary) }
        for (path, data) in files {
            let file = temporary.appending(path: path)
            try manager.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try data.write(to: file)
        }
        try manager.moveItem(at: temporary, to: folder)
    }
}

extension ModelExport.Format: DescribedArgument {}
