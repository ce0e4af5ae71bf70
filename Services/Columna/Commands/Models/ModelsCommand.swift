import ArgumentParser

/// `columna models …`: versions of models and the one that a name alone means.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List, show, promote, get, import, export, convert and join models.",
        subcommands: [
            ModelsListCommand.self, ModelsShowCommand.self, ModelsPromoteCommand.self, ModelsRollbackCommand.self,
            ModelsGetCommand.self, ModelsUrlsCommand.self, ModelsImportCommand.self, ModelsExportCommand.self,
            ModelsEnsembleCommand.self,
            ModelsConvertCommand.self,
        ],
        defaultSubcommand: ModelsListCommand.self)
}
