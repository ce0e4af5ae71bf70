import ArgumentParser

/// `columna storage …`: the bytes behind the addresses.
struct StorageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storage",
        abstract: "Check stored bytes against their addresses; make a folder the database's store.",
        subcommands: [StorageVerifyCommand.self, StorageInitCommand.self])
}
