import ArgumentParser

/// `columna corrections …`: label maps that people corrected.
struct CorrectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corrections", abstract: "Label maps that people corrected: submit, list, withdraw.",
        subcommands: [CorrectionsSubmitCommand.self, CorrectionsListCommand.self, CorrectionsWithdrawCommand.self],
        defaultSubcommand: CorrectionsListCommand.self)
}
