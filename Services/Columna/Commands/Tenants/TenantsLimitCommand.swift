import ArgumentParser
import Console
import JobEngine
import Operations

struct TenantsLimitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limit", abstract: "Let at most N jobs of a tenant run at a time in each stage.",
        discussion: """
            Examples:
              columna tenants limit hospital-a 4
              columna tenants limit hospital-a none
            """)

    @Argument(help: "The tenant.")
    var tenant: Tenant

    @Argument(help: "A number from 0, or 'none' to lift the limit.")
    var limit: RunningLimit

    func run() async throws {
        let number = limit.jobs
        try await SystemConnection().limit(tenant: tenant, to: number)
        print(
            number.map { "at most \($0) jobs of tenant \(tenant) run at a time in each stage" }
                ?? "tenant \(tenant) has no limit any more")
    }
}
