import ArgumentParser
import Console
import Foundation
import JobEngine
import ModelExchange
import Networks
import Plans
import PyTorchFiles
import Studies

/// A model made elsewhere, on the command line.
struct ModelImportOptions: ParsableArguments {
    @Argument(help: "The model's file or folder.", completion: .file())
    var path: String

    @Option(help: "What the file is; auto tells by its content.")
    var format = ModelImport.Format.auto

    @Option(help: ArgumentHelp("The plan for weights that come without one.", valueName: "plan.json"))
    var plan: String?

    @Option(help: ArgumentHelp("nnU-Net: which configuration, where there are several.", valueName: "3d_fullres"))
    var configuration: String?

    @Option(help: ArgumentHelp("nnU-Net: one fold, a number or all.", valueName: "fold"))
    var fold: String?

    @Option(
        help: ArgumentHelp(
            "nnU-Net: how the training images were stored, where its plans do not turn them.", valueName: "RAS"))
    var orientation: String?

    @Option(
        help: ArgumentHelp(
            "MONAI: the network's norms, group:GROUPS, instance or batch; weights do not tell.", valueName: "group:8"))
    var norm: String?

    @Option(
        help: ArgumentHelp(
            "MONAI: the network's activation, relu, leakyrelu:SLOPE or prelu; weights do not tell.", valueName: "relu"))
    var activation: String?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "MONAI bundle: a value of its configuration that is to be another.", valueName: "path#key=value"))
    var settings: [String] = []

    /// The model, and the bytes of its model file. Blocks.
    func readWithData() throws -> (ImportedModel, Data) {
        let reader = try reader()
        return try saying {
            let imported = try reader.read(URL(filePath: path))
            return (imported, try imported.data())
        }
    }

    /// Folds that are to be imported together; none where there is one, or one is named. Blocks.
    func folds() throws -> [String] {
        let reader = try reader()
        return try saying { try reader.folds(of: URL(filePath: path)) }
    }

    private func saying<Result>(_ read: () throws -> Result) throws -> Result {
        do { return try read() } catch {
            let failure = CommandFailure(error)
            throw CommandFailure(failure.code, "model \(path): \(failure)")
        }
    }

    func reader() throws -> ModelImport {
        guard FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure(
                .badData,
                "model: file \(path) does not exist\(PyTorchFile.unfetched(URL(filePath: path)).map { ": \($0)" } ?? "")"
            )
        }
        var reader = ModelImport()
        reader.format = format
        reader.choice.configuration = configuration
        reader.choice.fold = fold
        reader.imageOrientation = orientation
        reader.plan = try plan.map { try NamedFile("--plan", $0).read { Data($0) } }
        for setting in settings {
            guard let sign = setting.firstIndex(of: "="), sign > setting.startIndex else {
                throw CommandFailure(
                    .usage,
                    "--set takes a path and a value, such as displayable_configs#highres=false, got \(setting.prefix(80))"
                )
            }
            // As Python writes them.
            let value = String(setting[setting.index(after: sign)...])
            let words = ["True": "true", "False": "false", "None": "null"]
            reader.settings[String(setting[..<sign])] = words[value] ?? value
        }
        do {
            reader.choices.norm = try norm.map { try SegResNet.Norm(text: $0, option: "--norm") }
            reader.choices.activation = try activation.map {
                try SegResNet.Activation(text: $0, option: "--activation")
            }
        } catch {
            throw CommandFailure(.usage, "\(error)")
        }
        return reader
    }

    func summary(_ imported: ImportedModel) -> String {
        "\(imported.model.plan.network.architecture.rawValue), \(imported.model.plan.classes) classes"
    }

    /// The file's name without what a model's may not have.
    func modelName() throws -> String {
        let stem = URL(filePath: path).deletingPathExtension().lastPathComponent
        let letters = stem.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" }
        let name = String(letters.drop { !$0.isLetter && !$0.isNumber }.prefix(64))
        guard let reference = ModelReference(rawValue: name), reference.version == nil else {
            throw CommandFailure(.usage, "the file's name makes no name for a model: give one with --name")
        }
        return name
    }
}

extension ModelImport.Format: DescribedArgument {}
