import ArgumentParser

/// `columna tenants …`: how much one tenant may run at a time.
struct TenantsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenants", abstract: "List and set what one tenant may run at a time.",
        subcommands: [TenantsListCommand.self, TenantsLimitCommand.self], defaultSubcommand: TenantsListCommand.self)
}
