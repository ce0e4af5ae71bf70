import ArgumentParser

/// `columna migrate …`: the database's schema and the broker's topology.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database's schema, the storage's identity and the broker's queues up to date.",
        discussion: """
            Harmless when repeated. Workers refuse to start on an older schema.

            Examples:
              columna migrate
              columna migrate status --json
            """,
        subcommands: [MigrateUpCommand.self, MigrateDownCommand.self, MigrateStatusCommand.self],
        defaultSubcommand: MigrateUpCommand.self)
}
