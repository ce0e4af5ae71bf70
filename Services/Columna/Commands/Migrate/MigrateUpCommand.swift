import ArgumentParser
import Console
import JobEngine
import Operations
import Persistence
import Storage

struct MigrateUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract:
            "Apply the migrations that are missing, make the storage folder the database's store, declare the topology.",
        discussion: "Example:\n  columna migrate")

    @Flag(help: "Leave the broker and the storage alone.")
    var databaseOnly = false

    func run() async throws {
        let system = try SystemConnection()
        let done = try await system.migrate()
        for step in done.migrations { print("applied \(MigrateStatusCommand.name(step))") }
        for view in done.views { print("made view analytics.\(view)") }
        for view in done.newerViews {
            remark(
                "columna: the view analytics.\(view) shows more than this program knows and stays as it is: a newer one made it; upgrade this one"
            )
        }
        if done == Migrator.Changes() { print("the schema is up to date") }
        // Before migration 15 such a name meant the newest version.
        for line in ModelsListCommand.unpromoted(try await system.models().map(\.version)) {
            remark("columna: " + line)
        }
        guard !databaseOnly else { return }
        try await adoptStore(system)
        try await system.declareQueues()
        print("the exchanges and queues are declared")
    }

    /// Where the storage is not mounted, another command must do it there: until then no worker claims.
    private func adoptStore(_ system: SystemConnection) async throws {
        guard (try? system.storage) != nil else {
            guard try await system.registry.registeredStore() == nil else { return }
            return remark(
                "columna: COLUMNA_STORAGE is not set: run `columna storage init` where the storage is mounted; until then workers claim no jobs"
            )
        }
        print(try await system.adoptStorage().sentence)
    }
}
