import ArgumentParser

/// `columna jobs …`: what operators see and decide.
struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "List, follow and steer jobs.",
        subcommands: [
            JobsListCommand.self, JobsShowCommand.self, JobsWatchCommand.self, JobsCancelCommand.self,
            JobsRetryCommand.self,
            JobsPauseCommand.self, JobsResumeCommand.self,
        ],
        defaultSubcommand: JobsListCommand.self)
}
