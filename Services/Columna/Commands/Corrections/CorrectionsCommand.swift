import ArgumentParser

/// `columna corrections …`: label maps that people corrected.
struct CorrectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corrections", abstract: "Label maps that people corrected: submit, list.",
        subcommands: [CorrectionsSubmitCommand.self, CorrectionsListCommand.self],
        defaultSubcommand: CorrectionsListCommand.self)
}
