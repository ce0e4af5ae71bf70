import ArgumentParser
import Console
import JobEngine
import Messaging
import Operations
import Persistence
import Registry
import Storage
import Studies

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
        let migrator = try Migrator(settings: system.database, environment: system.environment)
        let done = try await migrator.up()
        try await PostgresJobStore(pool: system.pool, bookkeeping: .studies).declareKinds()
        for step in done.migrations { print("applied \(MigrateStatusCommand.name(step))") }
        for view in done.views { print("made view analytics.\(view)") }
        if done == Migrator.Changes() { print("the schema is up to date") }
        // Before migration 15 such a name meant the newest version.
        for line in ModelsListCommand.unpromoted(try await system.catalog.modelVersions()) {
            remark("columna: " + line)
        }
        guard !databaseOnly else { return }
        try await adoptStore(system)
        let session = try await BrokerSession.connect(try system.broker, name: "columna migrate")
        try await Topology.standard.declare(on: session, intakeKeys: IntakeVerb.routingKeys)
        await session.close()
        print("the exchanges and queues are declared")
    }

    /// Where the storage is not mounted, another command must do it there: until then no worker claims.
    private func adoptStore(_ system: SystemConnection) async throws {
        guard let store = try? system.storage else {
            guard try await system.registry.registeredStore() == nil else { return }
            return remark(
                "columna: COLUMNA_STORAGE is not set: run `columna storage init` where the storage is mounted; until then workers claim no jobs"
            )
        }
        print(try await StoreAdoption(store: store, registry: system.registry, actor: system.actor).perform().sentence)
    }
}
