import ArgumentParser

/// `columna network …`: the networks alone, without plans and volumes.
struct NetworkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "network", abstract: "Run a network alone, to check it against PyTorch.",
        subcommands: [NetworkForwardCommand.self])
}
