import ArgumentParser
import Foundation
import JobEngine

/// `columna tenants …`: how much one tenant may run at a time.
struct TenantsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenants", abstract: "List and set what one tenant may run at a time.",
        subcommands: [TenantsListCommand.self, TenantsLimitCommand.self], defaultSubcommand: TenantsListCommand.self)
}

struct TenantsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the tenants that have a limit.",
        discussion: "Example:\n  columna tenants list")

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let limits = try await Lookup(pool: SystemConnection().pool).runningLimits()
        output.show([
            "tenants": JSONValue(limits.map { ["name": JSONValue($0.tenant), "running_limit": JSONValue($0.limit)] })
        ]) {
            guard !limits.isEmpty else { return print("No tenant has a limit.") }
            var table = TextTable("tenant", ">running at most, in each stage")
            for one in limits { table.add(one.tenant, String(one.limit)) }
            print(table.text)
        }
    }
}

struct TenantsLimitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limit", abstract: "Let at most N jobs of a tenant run at a time in each stage.",
        discussion: """
            Examples:
              columna tenants limit hospital-a 4
              columna tenants limit hospital-a none
            """)

    @Argument(help: "The tenant.")
    var tenant: String

    @Argument(help: "A number from 0, or 'none' to lift the limit.")
    var limit: String

    func run() async throws {
        let number = Int(limit)
        guard limit == "none" || (number ?? -1) >= 0 else {
            throw CommandFailure(.usage, "limit must be a number from 0 or 'none', got '\(limit)'")
        }
        guard tenant.wholeMatch(of: /[a-z0-9-]{1,63}/) != nil else {
            throw CommandFailure(.usage, "a tenant is named by up to 63 of a-z, 0-9 and '-', got '\(tenant)'")
        }
        let system = try SystemConnection()
        try await system.store.setRunningLimit(number, tenant: tenant, actor: system.actor)
        print(
            number.map { "at most \($0) jobs of tenant \(tenant) run at a time in each stage" }
                ?? "tenant \(tenant) has no limit any more")
    }
}
