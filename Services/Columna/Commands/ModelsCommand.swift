import ArgumentParser
import Foundation
import JobEngine
import Plans
import Storage
import WorkerRuntime

/// `columna models …`: versions of models and the one that a name alone means.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List, show, promote, import and export model versions.",
        subcommands: [ModelsListCommand.self, ModelsShowCommand.self, ModelsPromoteCommand.self, ModelsImportCommand.self, ModelsExportCommand.self],
        defaultSubcommand: ModelsListCommand.self)

    static func json(_ model: ModelVersion, _ system: SystemConnection) -> JSONValue {
        [
            "name": JSONValue(model.name), "version": JSONValue(model.version), "reference": JSONValue(model.reference),
            "is_promoted": JSONValue(model.isPromoted), "validation_dice": JSONValue(model.validationDice),
            "data_set": JSONValue(model.dataSet), "job": JSONValue(model.job?.description), "created_at": JSONValue(model.createdAt),
            "weights": JobPresentation.json(model.weights, system),
        ]
    }
}

/// A model on the command line: `NAME` or `NAME@VERSION`.
struct ModelArgument: ExpressibleByArgument, Sendable {
    let reference: ModelReference

    init?(argument: String) {
        guard let reference = try? ModelReference(argument) else { return nil }
        self.reference = reference
    }

    func version(in system: SystemConnection) async throws -> ModelVersion {
        guard let model = try await system.catalog.modelVersion(name: reference.name, version: reference.version) else {
            throw CommandFailure(.failed, "there is no model \(reference); see `columna models list`")
        }
        return model
    }
}

struct ModelsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List model versions, newest first.", discussion: "Example:\n  columna models list --json")

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let models = try await system.catalog.modelVersions()
        output.show(["models": JSONValue(models.map { ModelsCommand.json($0, system) })]) {
            guard !models.isEmpty else { return print("No models: train one with `columna train`, or bring one with `columna models import`.") }
            var table = TextTable("model", "promoted", ">validation dice", "data set", ">size", "made", "job")
            for model in models {
                table.add(
                    model.reference, model.isPromoted ? "yes" : "", Wording.ratio(model.validationDice), Wording.text(model.dataSet),
                    Wording.bytes(model.weights.byteCount), Wording.age(model.createdAt), model.job?.description ?? "imported")
            }
            print(table.text)
        }
    }
}

struct ModelsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a model version: weights, plan, recipe.", discussion: "Example:\n  columna models show spine@3")

    @Argument(help: "NAME or NAME@VERSION.")
    var model: ModelArgument

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let version = try await model.version(in: system)
        guard case .object(var members) = ModelsCommand.json(version, system) else { return }
        members.append((key: "plan", value: JSONValue(parsing: version.planJSON)))
        members.append((key: "recipe", value: JSONValue(parsing: version.recipeJSON)))
        output.show(.object(members)) {
            var facts = TextTable("fact", "value")
            facts.add("model", version.reference + (version.isPromoted ? " (promoted)" : ""))
            facts.add("weights", system.path(of: version.weights.address) ?? version.weights.address)
            facts.add("size", Wording.bytes(version.weights.byteCount))
            facts.add("validation dice", Wording.ratio(version.validationDice))
            facts.add("data set", Wording.text(version.dataSet))
            facts.add("made", "\(Wording.time(version.createdAt)) by \(version.job.map { "job \($0)" } ?? "import")")
            print(facts.text)
            print("\nplan \(JSONValue(parsing: version.planJSON).text)\n\nrecipe \(JSONValue(parsing: version.recipeJSON).text)")
        }
    }
}

struct ModelsPromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote", abstract: "Make a version the one that NAME alone means.", discussion: "Example:\n  columna models promote spine@3")

    @Argument(help: "NAME@VERSION.")
    var model: ModelArgument

    func run() async throws {
        guard let version = model.reference.version else { throw CommandFailure(.usage, "say which version: \(model.reference.name)@VERSION") }
        let system = try SystemConnection()
        guard try await system.catalog.promoteModel(name: model.reference.name, version: version, actor: system.actor, now: Date()) else {
            throw CommandFailure(.failed, "there is no model \(model.reference); see `columna models list`")
        }
        print("\(model.reference.name) now means \(model.reference)")
    }
}

struct ModelsImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Register weights that were made elsewhere: safetensors with the plan in the metadata key `plan`.",
        discussion: "Example:\n  columna models import spine.safetensors --name spine")

    @Argument(help: "The model file.", completion: .file(extensions: ["safetensors"]))
    var file: String

    @Option(help: "The model's name; it gets the next version.")
    var name: ModelArgument

    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard name.reference.version == nil else { throw CommandFailure(.usage, "--name takes no version: the next one is given") }
        let system = try SystemConnection()
        let file = file
        let (data, plan) = try await OwnThread.run {
            try NamedFile("model", file).read { ($0, try ModelFile.model(from: $0).plan.json()) }
        }
        let stored = try await system.objects().put(data)
        let weights = ArtifactReference(
            role: Role.weights, address: stored.address.description, byteCount: stored.byteCount, mediaType: MediaType.safetensors)
        let version = try await system.catalog.registerModel(
            ModelVersionDraft(
                name: name.reference.name, weights: weights, planJSON: String(decoding: plan, as: UTF8.self), recipeJSON: "{}", dataSet: nil,
                validationDice: nil),
            actor: system.actor, now: Date())
        let reference = "\(name.reference.name)@\(version)"
        output.show(["reference": JSONValue(reference), "weights": JobPresentation.json(weights, system)]) { print("imported \(reference), weights \(weights.address)") }
    }
}

struct ModelsExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a model version's file: safetensors with its plan.",
        discussion: "Example:\n  columna models export spine@3 -o spine.safetensors")

    @Argument(help: "NAME or NAME@VERSION.")
    var model: ModelArgument

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write.", valueName: "file"))
    var output: String

    func run() async throws {
        let system = try SystemConnection()
        let version = try await model.version(in: system)
        guard let address = ContentAddress(version.weights.address) else { throw CommandFailure(.failed, "the weights have no address") }
        let store = try system.objects()
        guard case .intact = try await store.verify(address) else {
            throw CommandFailure(.failed, "the weights of \(version.reference) are damaged or missing in storage: run `columna storage verify`")
        }
        let source = try await store.open(address, expectedByteCount: version.weights.byteCount)
        let output = output
        try await OwnThread.run { try Data(contentsOf: source).write(to: URL(filePath: output), options: .atomic) }
        print("wrote \(output): \(version.reference), \(Wording.bytes(version.weights.byteCount))")
    }
}
