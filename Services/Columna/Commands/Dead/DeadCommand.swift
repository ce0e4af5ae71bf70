import ArgumentParser

/// `columna dead …`: jobs that ended without success, messages that were refused or given up, and answers that nobody
/// takes.
struct DeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead",
        abstract: "List, show, replay and discard dead jobs; put dead letters and parked replies back.",
        subcommands: [
            DeadListCommand.self, DeadShowCommand.self, DeadReplayCommand.self, DeadRequeueCommand.self,
            DeadDiscardCommand.self,
        ],
        defaultSubcommand: DeadListCommand.self)
}
