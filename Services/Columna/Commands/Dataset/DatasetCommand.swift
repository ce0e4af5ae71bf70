import ArgumentParser

/// `columna dataset …`: labelled cases that models are trained on.
struct DatasetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset", abstract: "Import, list, show, check, split, plan and prepare data sets.",
        subcommands: [
            DatasetImportCommand.self, DatasetListCommand.self, DatasetShowCommand.self, DatasetCheckCommand.self,
            DatasetSplitCommand.self, DatasetPlanCommand.self, DatasetPrepareCommand.self,
            DatasetFromCorrectionsCommand.self, DatasetDeleteCommand.self,
        ], defaultSubcommand: DatasetListCommand.self)
}
