import ArgumentParser
import Console
import Documents
import JobEngine
import Operations

struct TenantsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the tenants that have a limit.",
        discussion: "Example:\n  columna tenants list")

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let limits = try await SystemConnection().tenantLimits()
        output.show(["tenants": JSONValue(limits.map(\.document))]) {
            guard !limits.isEmpty else { return print("No tenant has a limit.") }
            var table = TextTable("tenant", ">running at most, in each stage")
            for one in limits { table.add(one.tenant.rawValue, String(one.runningLimit)) }
            print(table.text)
        }
    }
}
