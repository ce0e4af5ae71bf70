import ArgumentParser
import Foundation
import JobEngine
import Messaging
import Persistence
import Storage

/// `columna migrate …`: the database's schema and the broker's topology.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database's schema, the storage's identity and the broker's queues up to date.",
        discussion: """
            Harmless when repeated. Workers refuse to start on an older schema.

            Examples:
              columna migrate
              columna migrate status --json
            """,
        subcommands: [MigrateUpCommand.self, MigrateDownCommand.self, MigrateStatusCommand.self],
        defaultSubcommand: MigrateUpCommand.self)
}

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
        for step in done { print("applied \(MigrateStatusCommand.name(step))") }
        if done.isEmpty { print("the schema is up to date") }
        // Before migration 15 such a name meant the newest version.
        for line in ModelsListCommand.unpromoted(try await system.catalog.modelVersions()) {
            remark("columna: " + line)
        }
        guard !databaseOnly else { return }
        try await adoptStore(system)
        let session = try await BrokerSession.connect(try system.broker, name: "columna migrate")
        try await Topology.standard.declare(on: session)
        await session.close()
        print("the exchanges and queues are declared")
    }

    /// Where the storage is not mounted, another command must do it there: until then no worker claims.
    private func adoptStore(_ system: SystemConnection) async throws {
        guard let root = try? system.storageFolder else {
            guard try await system.registry.registeredStore() == nil else { return }
            return remark(
                "columna: COLUMNA_STORAGE is not set: run `columna storage init` where the storage is mounted; until then workers claim no jobs"
            )
        }
        print(try await StoreAdoption(root: root, registry: system.registry, actor: system.actor).perform().sentence)
    }
}

struct MigrateDownCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "Take migrations back, newest first. Their data are lost.",
        discussion: "Example:\n  columna migrate down --to 6 --yes")

    @Option(help: "The version to go back to; 0 takes back everything.")
    var to: Int

    @Flag(help: "Yes, lose the data.")
    var yes = false

    func run() async throws {
        guard yes else {
            throw ValidationError("this deletes the data of every migration above \(to): say --yes if you mean it")
        }
        let system = try SystemConnection()
        let undone = try await Migrator(settings: system.database, environment: system.environment).down(to: to)
        for step in undone { print("took back \(MigrateStatusCommand.name(step))") }
        if undone.isEmpty { print("nothing above version \(to) is applied") }
    }
}

struct MigrateStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show which migrations are applied; exit code 1 when some are missing.",
        discussion: "Example:\n  columna migrate status --json")

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let steps = try await Migrator(settings: system.database, environment: system.environment).status()
        let list: [JSONValue] = steps.map {
            ["number": JSONValue($0.number), "name": JSONValue($0.name), "applied_at": JSONValue($0.appliedAt)]
        }
        output.show(["required_version": JSONValue(Migrator.requiredVersion), "migrations": JSONValue(list)]) {
            var table = TextTable("migration", "applied")
            for step in steps { table.add(Self.name(step), step.appliedAt.map { Wording.time($0) } ?? "no") }
            print(table.text)
        }
        if steps.contains(where: { $0.appliedAt == nil }) { throw ExitCode(1) }
    }

    static func name(_ step: Migrator.Status) -> String { String(format: "%03d", step.number) + " \(step.name)" }
}
