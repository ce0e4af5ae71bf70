import Foundation
import JobEngine
import Persistence
import TestSupport
import Testing
import Threads

/// Real programs on the schema of an older or a newer one: one sentence with the command that mends it.
@Suite(.enabled(if: TemporaryDatabase.isAvailable && RunningSystem.isPossible), .timeLimit(.minutes(2)))
struct StaleSchemaTests {
    private static func older(_ body: ([String: String], String) async throws -> Void) async throws {
        try await TemporaryDatabase.with(isMigrated: false) { database async throws in
            _ = try await database.migrator().up(to: 18)
            let version = try MigrationFolder(environment: [:]).version
            try await body(
                environment(database),
                "the database schema is at version 18, this program needs \(version): run `columna migrate` (schema-outdated)"
            )
        }
    }

    private static func newer(_ body: ([String: String], String) async throws -> Void) async throws {
        try await TemporaryDatabase.with { database async throws in
            try await database.runScript(
                "INSERT INTO columna_schema.schema_migrations (number, name, checksum) VALUES (999, 'next', '0')")
            let version = try MigrationFolder(environment: [:]).version
            try await body(
                environment(database),
                "the database schema is at version 999, newer than the \(version) of this program: upgrade the program, "
                    + "or take the schema back with the newer one's `columna migrate down --to \(version) --yes`")
        }
    }

    /// Nobody listens at the broker's port.
    private static func environment(_ database: TemporaryDatabase) -> [String: String] {
        [
            "COLUMNA_DATABASE_URL": database.settings.url, "COLUMNA_BROKER_URL": "amqp://guest:guest@127.0.0.1:1/",
            "COLUMNA_STORAGE": FileManager.default.temporaryDirectory.path, "COLUMNA_INPUT_ROOTS": "/tmp",
        ]
    }

    @Test(arguments: [["jobs", "list"], ["models", "list"], ["workers"], ["lineage", "none"], ["evaluations"]])
    func aCommandRefusesAnOlderSchema(_ arguments: [String]) async throws {
        try await Self.older { environment, sentence in
            let result = try await OwnThread.run { try Program.run(arguments, environment: environment) }
            #expect(result.status == 78)
            #expect(result.errors == "columna: \(sentence)\n")
            #expect(result.output == "")
        }
    }

    @Test func aCommandServesANewerSchemaWithARemark() async throws {
        try await Self.newer { environment, sentence in
            let result = try await OwnThread.run {
                try Program.run(["jobs", "list", "--json"], environment: environment)
            }
            #expect(result.status == 0)
            #expect(result.errors == "columna: \(sentence)\n")
            #expect(result.output.hasPrefix("{") || result.output.hasPrefix("["))
        }
    }

    @Test func migratingDownANewerSchemaIsRefused() async throws {
        try await Self.newer { environment, sentence in
            let result = try await OwnThread.run {
                try Program.run(["migrate", "down", "--to", "18", "--yes"], environment: environment)
            }
            #expect(result.status == 78)
            #expect(result.errors == "columna: \(sentence) (schema-newer)\n")
        }
    }

    @Test(arguments: Stage.allCases) func aWorkerRefusesAnOlderSchema(_ stage: Stage) async throws {
        try await Self.older { environment, sentence in
            let result = try await OwnThread.run {
                try Program.run(
                    worker: stage, environment: environment, until: sentence, endsByItself: true)
            }
            #expect(result.isSaid)
            #expect(result.status == 78)
        }
    }

    @Test(arguments: Stage.allCases) func aWorkerServesANewerSchemaWithARemark(_ stage: Stage) async throws {
        try await Self.newer { environment, sentence in
            let result = try await OwnThread.run {
                try Program.run(
                    worker: stage, environment: environment, until: sentence, endsByItself: false)
            }
            #expect(result.isSaid)
            #expect(result.status == SIGKILL, "it ran until it was ended")
        }
    }

    @Test func aWorkerWhoseSchemaIsTakenBackUnderItEndsWithTheSentence() async throws {
        try await TemporaryDatabase.with { database async throws in
            let (version, environment) = (try MigrationFolder(environment: [:]).version, Self.environment(database))
            // It may look while the migrations are taken back one by one.
            let sentence = ", this program needs \(version): run `columna migrate` (schema-outdated)"
            async let ended = OwnThread.run {
                try Program.run(
                    worker: .evaluation, environment: environment, until: sentence, endsByItself: true)
            }
            let heardOf = Statement("heard_of", "SELECT id FROM columna.workers")
            while try await database.pool.run(heardOf()).isEmpty { try await Task.sleep(for: .milliseconds(100)) }
            _ = try await database.migrator().down(to: 0)
            let result = try await ended
            #expect(result.isSaid)
            #expect(result.status == 78)
        }
    }
}
