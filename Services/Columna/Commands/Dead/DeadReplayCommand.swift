import ArgumentParser
import JobEngine

struct DeadReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Put dead jobs back, with their deduplication keys and an audit row; publish refused messages again.",
        discussion: """
            A refused message is published to the intake again as it was, and its dead job is discarded: ingestion may take it now, or refuses it anew.

            Examples:
              columna dead replay 1b4e28ba-2fa1-41d2-883f-0016d3cca427
              columna dead replay --code model-not-found
              columna dead replay --all --stage inference
            """)

    @OptionGroup var selection: DeadSelection

    func run() async throws { try await selection.apply(.replay) }
}
