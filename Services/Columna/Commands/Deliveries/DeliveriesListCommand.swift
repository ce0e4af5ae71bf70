import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Operations
import Studies

struct DeliveriesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List results that wait, newest first, and why.",
        discussion: """
            A result waits when it needs review and its tenant's policy is `on-review: hold`, or when no promoted model version made it.

            Examples:
              columna deliveries list
              columna deliveries list --tenant radiology --all --json
            """)

    @Option(help: "Only this tenant's.")
    var tenant: Tenant?

    @Flag(help: "Also those that somebody has decided about.")
    var all = false

    @Option(help: "At most so many.", in: .listed)
    var limit = 100

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let found = try await system.heldDeliveries(tenant: tenant, waiting: !all, limit: limit)
        let now = try await system.store.now()
        output.show(["deliveries": JSONValue(found.map(\.document))]) {
            guard !found.isEmpty else { return print(all ? "No delivery was ever held." : "No delivery waits.") }
            var table = TextTable("job", "study", "tenant", "to", "model", "held", "decision", "why")
            for one in found {
                table.add(
                    one.job.description, one.study.description, one.tenant.rawValue, one.held.destination,
                    one.held.model.rawValue, Wording.age(one.heldAt, now: now),
                    one.decision.map { "\($0.rawValue) by \(one.decidedBy ?? "-")" } ?? "",
                    one.held.reasons.joined(separator: "; "))
            }
            print(table.text)
        }
    }
}
