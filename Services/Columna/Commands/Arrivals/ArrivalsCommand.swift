import ArgumentParser
import JobEngine

/// `columna arrivals …`: studies that come as files over time.
struct ArrivalsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "arrivals", abstract: "Studies that come by C-STORE or retrieval: list them, call one complete.",
        subcommands: [ArrivalsListCommand.self, ArrivalsCompleteCommand.self],
        defaultSubcommand: ArrivalsListCommand.self)
}
