import ArgumentParser
import Console
import Documents
import JobEngine
import Operations
import Persistence
import Registry

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
