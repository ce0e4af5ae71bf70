import ArgumentParser

/// `columna workers …`: who works, and which stages hold still.
struct WorkersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workers", abstract: "List workers; pause and resume stages.",
        subcommands: [WorkersListCommand.self, WorkersPauseCommand.self, WorkersResumeCommand.self],
        defaultSubcommand: WorkersListCommand.self)
}
