import Foundation
import JobEngine
import Persistence
import Registry
import TestSupport
import Testing
import Threads

/// `columna migrate down` asks before it deletes, and says what a wrong version is.
@Suite(.enabled(if: TemporaryDatabase.isAvailable && RunningSystem.isPossible), .timeLimit(.minutes(2)))
struct MigrateDownTests {
    private static func down(_ database: TemporaryDatabase, _ arguments: [String]) async throws -> Program.Result {
        let environment = ["COLUMNA_DATABASE_URL": database.settings.url]
        return try await OwnThread.run {
            try Program.run(["migrate", "down"] + arguments, environment: environment)
        }
    }

    private static func isWhole(_ database: TemporaryDatabase) async throws -> Bool {
        try await database.migrator().status().migrations.allSatisfy { $0.appliedAt != nil }
    }

    @Test(arguments: [-1, 99]) func aVersionThatThereIsNotIsRefused(_ version: Int) async throws {
        try await TemporaryDatabase.with { database async throws in
            let result = try await Self.down(database, ["--to=\(version)", "--yes"])
            let newest = try MigrationFolder(environment: [:]).version
            #expect(result.status == 64)
            let sentence =
                version < 0
                ? "Error: The value '-1' is invalid for '--to <to>': expected "
                : "Error: --to is the version to go back to, expected 0 to \(newest), got 99; one step back from "
            #expect(result.errors.hasPrefix(sentence))
            #expect(try await Self.isWhole(database))
        }
    }

    @Test func aWrongValueIsFollowedByTheUsageOfTheCommandItself() async throws {
        try await TemporaryDatabase.with { database async throws in
            let result = try await Self.down(database, ["--to", "0"])
            #expect(result.status == 64)
            #expect(result.errors.contains("\nUsage: columna migrate down --to <to> ["))
            #expect(result.errors.hasSuffix("\n  See 'columna migrate down --help' for more information.\n"))
        }
    }

    @Test func aDatabaseThatWorkersUseIsNotTakenBackUnlessTheOperatorKnowsOfThem() async throws {
        try await TemporaryDatabase.with { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            for (id, state) in [("training-a-1-x", .running), ("training-b-2-y", .stopped)]
                as [(String, Worker.State)]
            {
                try await store.recordHeartbeat(
                    Worker(
                        id: id, stage: .training, host: "a", processID: 1, version: "1", slots: 1, busySlots: 0,
                        state: state, clockSkewInSeconds: 0, note: ""))
            }
            let refused = try await Self.down(database, ["--to", "0", "--yes"])
            #expect(refused.status == 1)
            let sentence = "columna: the database is in use by training-a-1-x: stop them (SIGTERM), or "
            #expect(refused.errors.hasPrefix(sentence))
            #expect(try await Self.isWhole(database))
            let done = try await Self.down(database, ["--to", "0", "--yes", "--despite-workers"])
            #expect(done.status == 0)
            #expect(try await !Self.isWhole(database))
        }
    }
}
