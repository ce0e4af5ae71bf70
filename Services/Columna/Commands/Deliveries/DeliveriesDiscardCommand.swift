import ArgumentParser
import Console
import JobEngine
import Operations

struct DeliveriesDiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Give held results up for good, with an audit row. The segmentations stay in storage.",
        discussion: "Example:\n  columna deliveries discard 1b4e28ba-2fa1-41d2-883f-0016d3cca427")

    @Argument(help: "Ids of held deliveries, see `columna deliveries list`.")
    var ids: [JobID]

    func run() async throws {
        try await SystemConnection().discardDeliveries(ids) { print("discarded \($0)") }
    }
}
