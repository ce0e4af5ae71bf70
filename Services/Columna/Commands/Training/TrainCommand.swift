import ArgumentParser

/// `columna train …`: models from data sets.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train models on data sets: start, watch, stop, resume.",
        subcommands: [
            TrainStartCommand.self, TrainWatchCommand.self, TrainStopCommand.self, TrainResumeCommand.self,
            TrainListCommand.self, TrainRecipesCommand.self, TrainPolicyCommand.self,
        ],
        defaultSubcommand: TrainListCommand.self)
}
