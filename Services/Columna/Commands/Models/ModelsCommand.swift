import ArgumentParser
import Documents
import JobEngine
import Operations
import Studies

/// `columna models …`: versions of models and the one that a name alone means.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List, show, promote, import, export and convert models.",
        subcommands: [
            ModelsListCommand.self, ModelsShowCommand.self, ModelsPromoteCommand.self, ModelsImportCommand.self,
            ModelsExportCommand.self,
            ModelsConvertCommand.self,
        ],
        defaultSubcommand: ModelsListCommand.self)

    static func json(_ model: ModelVersion, _ system: SystemConnection) -> JSONValue {
        [
            "name": JSONValue(model.name), "version": JSONValue(model.version), "reference": JSONValue(model.reference),
            "is_promoted": JSONValue(model.isPromoted), "validation_dice": JSONValue(model.validationDice),
            "data_set": JSONValue(model.dataSet), "job": JSONValue(model.job?.description),
            "created_at": JSONValue(model.createdAt),
            "weights": StoredArtifact(model.weights, in: system).document,
        ]
    }
}
