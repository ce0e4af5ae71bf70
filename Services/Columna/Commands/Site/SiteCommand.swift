import ArgumentParser

/// `columna site …`: the file that says what is around the system.
struct SiteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "site", abstract: "Check the file that names callers, archives and tenants' policies.",
        subcommands: [SiteCheckCommand.self])
}
