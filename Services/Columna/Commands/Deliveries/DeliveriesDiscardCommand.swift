import ArgumentParser
import Console
import JobEngine
import Operations
import Persistence
import Registry

struct DeliveriesDiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Give held results up for good, with an audit row. The segmentations stay in storage.",
        discussion: "Example:\n  columna deliveries discard 1b4e28ba-2fa1-41d2-883f-0016d3cca427")

    @Argument(help: "Ids of held deliveries, see `columna deliveries list`.")
    var ids: [JobID]

    func run() async throws {
        let system = try SystemConnection()
        let deliveries = PostgresHeldDeliveries(pool: system.pool)
        for id in ids { _ = try await HeldLookup.waiting(id, deliveries) }
        for id in ids {
            guard try await deliveries.discardHeldDelivery(id, actor: system.actor) else {
                throw HeldLookup.notWaiting(id)
            }
            print("discarded \(id)")
        }
    }
}
