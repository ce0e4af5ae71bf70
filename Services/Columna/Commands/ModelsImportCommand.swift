import ArgumentParser
import Foundation
import JobEngine
import ModelExchange
import Networks
import Plans
import PyTorchFiles
import Storage
import WorkerRuntime

/// `columna models import`: models from elsewhere become versions here.
struct ModelsImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Register a model that was made elsewhere: Columna's safetensors, MONAI's .pt, nnU-Net's model folder, exported zip or checkpoint.",
        discussion: """
            Nothing in the file is run. A model of nnU-Net brings its plan; a .pt of MONAI holds weights only and gets the plan of MONAI Label's
            radiology tasks unless --plan gives another. Of a model with several folds, --fold names the one to import (else the first).

            Examples:
              columna models import spine.safetensors --name spine
              columna models import model.pt --name spine --plan plan.json
              columna models import Dataset292_vertebrae/nnUNetTrainer__nnUNetPlans__3d_fullres --fold 0 --orientation RAS
            """)

    @Argument(help: "The model's file or folder.", completion: .file())
    var path: String

    @Option(help: "The model's name; it gets the next version. (default: after the file)")
    var name: ModelArgument?

    @Option(help: "What the file is; auto tells by its content.")
    var format = ModelImport.Format.auto

    @Option(help: ArgumentHelp("The plan for weights that come without one.", valueName: "plan.json"))
    var plan: String?

    @Option(help: ArgumentHelp("nnU-Net: which configuration, where there are several.", valueName: "3d_fullres"))
    var configuration: String?

    @Option(help: ArgumentHelp("nnU-Net: which fold, a number or all.", valueName: "fold"))
    var fold: String?

    @Option(help: ArgumentHelp("nnU-Net: how the training images were stored, where its plans do not turn them.", valueName: "RAS"))
    var orientation: String?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard name?.reference.version == nil else { throw CommandFailure(.usage, "--name takes no version: the next one is given") }
        let command = self
        let imported = try await OwnThread.run { try command.read() }
        let name = try name?.reference.name ?? nameOfFile()
        let system = try SystemConnection()
        let stored = try await system.objects().put(imported.data)
        let weights = ArtifactReference(
            role: Role.weights, address: stored.address.description, byteCount: stored.byteCount, mediaType: MediaType.safetensors)
        let version = try await system.catalog.registerModel(
            ModelVersionDraft(
                name: name, weights: weights, planJSON: String(decoding: try imported.plan.json(), as: UTF8.self), recipeJSON: try imported.recipe,
                dataSet: nil, validationDice: nil),
            actor: system.actor, now: Date())
        show("\(name)@\(version)", imported, JobPresentation.json(weights, system))
    }

    /// A model as it will be stored.
    private struct Imported: Sendable {
        let data: Data
        let plan: Plan
        let source: ModelSource?

        /// In place of a recipe: where the weights come from.
        var recipe: String { get throws { try source.map { "{\"\(ModelSource.metadataKey)\":\(try $0.json())}" } ?? "{}" } }
    }

    private func show(_ reference: String, _ imported: Imported, _ weights: JSONValue) {
        let remarks = imported.source?.remarks ?? []
        output.show(["reference": JSONValue(reference), "weights": weights, "remarks": JSONValue(remarks.map { JSONValue($0) })]) {
            print("imported \(reference): \(imported.plan.network.architecture.rawValue), \(imported.plan.classes) classes, \(Wording.bytes(imported.data.count))")
            for text in remarks { remark("note: \(text)") }
        }
    }

    private func read() throws -> Imported {
        guard FileManager.default.fileExists(atPath: path) else { throw CommandFailure(.badData, "model: file \(path) does not exist") }
        var reader = ModelImport()
        reader.format = format
        reader.choice.configuration = configuration
        reader.choice.fold = fold
        reader.imageOrientation = orientation
        reader.plan = try plan.map { try NamedFile("--plan", $0).read { Data($0) } }
        do {
            let imported = try reader.read(URL(filePath: path))
            return Imported(data: try imported.data(), plan: imported.model.plan, source: imported.source)
        } catch {
            let failure = CommandFailure(error)
            throw CommandFailure(failure.code, "model \(path): \(failure)")
        }
    }

    /// The file's name without what a model's may not have.
    private func nameOfFile() throws -> String {
        let stem = URL(filePath: path).deletingPathExtension().lastPathComponent
        let name = String(stem.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" }.drop { !$0.isLetter && !$0.isNumber }.prefix(64))
        guard let reference = ModelArgument(argument: name), reference.reference.version == nil else {
            throw CommandFailure(.usage, "the file's name makes no name for a model: give one with --name")
        }
        return name
    }
}

extension ModelImport.Format: ExpressibleByArgument {}
