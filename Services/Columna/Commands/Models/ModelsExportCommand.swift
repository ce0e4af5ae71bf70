import ArgumentParser
import Console
import Foundation
import ModelExchange
import Operations
import PyTorchFiles
import Studies
import TensorCore
import Threads

/// `columna models export`: a version's weights for other programs.
struct ModelsExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract:
            "Write a model version for other programs: safetensors with its plan, MONAI's .pt, or nnU-Net's model folder.",
        discussion: """
            monai: a state dict for torch.load(…, weights_only=True), without the plan (`columna models show` prints it).
            nnunet: a folder for nnU-Net's predictor, with progress.png and the training log of what was trained here; a name that ends in .zip gives what nnUNetv2_install_pretrained_model_from_zip takes.

            Examples:
              columna models export spine@3 -o spine.safetensors
              columna models export spine@3 --precision float16 -o small.safetensors
              columna models export spine@3 --format monai -o spine.pt
              columna models export vertebrae --format nnunet -o vertebrae.zip
            """)

    @Argument(help: "NAME or NAME@VERSION.")
    var model: ModelReference

    @Option(help: "Whose file it is to be.")
    var format = ModelExport.Format.safetensors

    @Option(help: "How exactly a safetensors file keeps each weight: float16 takes half the bytes.")
    var precision = StoredPrecision.float32

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write.", valueName: "path"))
    var output: String

    func validate() throws {
        guard precision == .float32 || format == .safetensors else {
            throw ValidationError(
                "--precision \(precision.rawValue) is for safetensors, and --format \(format.rawValue) has float32: leave one of them out"
            )
        }
    }

    func run() async throws {
        try requireWritable()
        let system = try SystemConnection()
        let made = try await ExportedModel(model, as: format, precision: precision, in: system)
        let command = self
        try await OwnThread.run { try command.write(made.content) }
        print("wrote \(output): \(made.version.reference) as \(format.rawValue)")
        for text in made.remarks { remark("note: \(text)") }
    }

    private func requireWritable() throws {
        guard format == .nnUNet, URL(filePath: output).pathExtension != "zip" else {
            return try OutputFile.requireWritable("--output", output)
        }
        try OutputFolder.requireNew("--output", output)
    }

    private func write(_ content: ExportedModel.Content) throws {
        let target = URL(filePath: output)
        switch content {
        case .file(let data): try data.write(to: target, options: .atomic)
        case .folder(let export):
            guard target.pathExtension != "zip" else {
                return try export.archive().write(to: target, options: .atomic)
            }
            try OutputFolder.write(export.files(), to: target)
        }
    }
}

extension ModelExport.Format: DescribedArgument {}
extension StoredPrecision: DescribedArgument {}
