import ArgumentParser

/// `columna deliveries …`: results that were not sent to an archive and wait for somebody.
struct DeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries", abstract: "List results that are held back from archives; release or discard them.",
        discussion: """
            The id of a held result is that of the job that held it, as the list shows it.

            Examples:
              columna deliveries
              columna deliveries list --tenant radiology --all --json
              columna deliveries release 1b4e28ba-2fa1-41d2-883f-0016d3cca427
              columna deliveries discard 1b4e28ba-2fa1-41d2-883f-0016d3cca427
            """,
        subcommands: [DeliveriesListCommand.self, DeliveriesReleaseCommand.self, DeliveriesDiscardCommand.self],
        defaultSubcommand: DeliveriesListCommand.self)
}
