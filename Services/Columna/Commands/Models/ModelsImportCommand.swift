import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import ModelExchange
import Operations
import Plans
import Storage
import Studies
import Threads
import WorkerRuntime

/// `columna models import`: models from elsewhere become versions here.
struct ModelsImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract:
            "Register a model that was made elsewhere: Columna's safetensors, MONAI's .pt, nnU-Net's model folder, exported zip or checkpoint.",
        discussion: """
            Nothing in the file is run. A model of nnU-Net brings its plan; a .pt of MONAI holds weights only and gets the plan of MONAI Label's
            radiology tasks unless --plan gives another. Of a model with several folds, --fold names the one to import (else the first).

            Examples:
              columna models import spine.safetensors --name spine
              columna models import model.pt --name spine --plan plan.json
              columna models import Dataset292_vertebrae/nnUNetTrainer__nnUNetPlans__3d_fullres --fold 0 --orientation RAS
            """)

    @OptionGroup var file: ModelImportOptions

    @Option(help: "The model's name; it gets the next version. (default: after the file)")
    var name: ModelArgument?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard name?.reference.version == nil else {
            throw CommandFailure(.usage, "--name takes no version: the next one is given")
        }
        let file = file
        let (imported, data) = try await OwnThread.run { try file.readWithData() }
        let name = try name?.reference.name ?? file.modelName()
        let system = try SystemConnection()
        let stored = try await system.objects().put(data)
        let weights = ArtifactReference(
            role: Role.weights, address: stored.address.description, byteCount: stored.byteCount,
            mediaType: MediaType.safetensors)
        // In place of a recipe: where the weights come from.
        let recipe = try imported.source.map { "{\"\(ModelSource.metadataKey)\":\(try $0.json())}" } ?? "{}"
        let version = try await system.catalog.registerModel(
            ModelVersionDraft(
                name: name, weights: weights, planJSON: String(decoding: try imported.model.plan.json(), as: UTF8.self),
                recipeJSON: recipe,
                dataSet: nil, validationDice: nil),
            actor: system.actor)
        let (reference, remarks) = ("\(name)@\(version)", imported.source?.remarks ?? [])
        let document: JSONValue = [
            "reference": JSONValue(reference), "weights": StoredArtifact(weights, in: system).document,
            "remarks": JSONValue(remarks.map { JSONValue($0) }),
        ]
        output.show(document) {
            print("imported \(reference): \(file.summary(imported)), \(Wording.bytes(data.count))")
            print(ModelsPromoteCommand.hint(reference))
            for text in remarks { remark("note: \(text)") }
        }
    }
}
