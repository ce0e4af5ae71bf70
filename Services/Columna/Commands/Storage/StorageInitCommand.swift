import ArgumentParser
import Console
import Operations
import Storage

/// `columna storage init`: makes a folder the database's store.
struct StorageInitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make the folder of COLUMNA_STORAGE the database's store; `columna migrate` does the same.",
        discussion: """
            The store gets a random identity, which the database keeps too; workers claim jobs only where both agree, so that a folder whose
            file system is not mounted spoils nothing. Harmless when repeated.

            Examples:
              columna storage init
              columna storage init --replace
            """)

    @Flag(
        help: "Yes, this folder takes the place of the store that the database has, or of one that lost its identity.")
    var replace = false

    func run() async throws {
        print(try await SystemConnection().adoptStorage(replacing: replace).sentence)
    }
}
