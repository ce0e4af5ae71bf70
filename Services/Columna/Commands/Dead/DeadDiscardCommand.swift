import ArgumentParser
import JobEngine

struct DeadDiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "End dead jobs for good (cancelled), with an audit row. Their inputs stay in storage.",
        discussion: "Example:\n  columna dead discard 1b4e28ba-2fa1-41d2-883f-0016d3cca427")

    @OptionGroup var selection: DeadSelection

    func run() async throws { try await selection.apply(.discard) }
}
