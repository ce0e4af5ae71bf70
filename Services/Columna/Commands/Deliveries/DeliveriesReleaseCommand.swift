import ArgumentParser
import Console
import JobEngine
import Operations
import Persistence
import Registry
import Studies

struct DeliveriesReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Send results that were held, with an audit row. What needs review stays marked as such.",
        discussion: """
            What no promoted model version made is released only after that version has been promoted; if it needs review and its tenant's policy holds
            such results, it then waits for that.

            Example:
              columna deliveries release 1b4e28ba-2fa1-41d2-883f-0016d3cca427
            """)

    @Argument(help: "Ids of held deliveries, see `columna deliveries list`.")
    var ids: [JobID]

    func run() async throws {
        let system = try SystemConnection()
        let deliveries = PostgresHeldDeliveries(pool: system.pool)
        // All are looked at before one is released.
        for id in ids { try await check(try await HeldLookup.waiting(id, deliveries), system) }
        for id in ids {
            guard let job = try await deliveries.releaseHeldDelivery(id, actor: system.actor) else {
                throw HeldLookup.notWaiting(id)
            }
            print("released \(id): job \(job) delivers it")
        }
    }

    private func check(_ one: HeldDeliveryRecord, _ system: SystemConnection) async throws {
        guard one.held.cause == .modelNotPromoted else { return }
        guard try await system.model(try ModelReference(one.held.model)).isPromoted else {
            throw CommandFailure(
                .failed,
                "\(one.held.model) is not promoted, so \(one.job) stays here: `columna models promote \(one.held.model)` first, if it may serve patients"
            )
        }
    }
}
