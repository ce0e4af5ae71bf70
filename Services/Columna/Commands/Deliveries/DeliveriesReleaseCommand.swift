import ArgumentParser
import Console
import JobEngine
import Operations

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
        try await SystemConnection().releaseDeliveries(ids) { print("released \($0): job \($1) delivers it") }
    }
}
