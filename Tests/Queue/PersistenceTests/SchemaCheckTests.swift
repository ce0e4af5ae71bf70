import Persistence
import Synchronization
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct SchemaCheckTests {
    private static var version: Int { get throws { try MigrationFolder(environment: [:]).version } }

    /// A program that was written for a version of the schema.
    private final class Program: Sendable {
        private let remarked = Mutex<[String]>([])
        private let settings: PostgresSettings
        private let version: Int

        init(_ database: TemporaryDatabase, version: Int) {
            settings = database.settings
            self.version = version
        }

        var remarks: [String] { remarked.withLock { $0 } }

        func pool(connections: Int = 1) -> PostgresPool {
            var settings = settings
            settings.schema = SchemaCheck(version: version) { text in self.remarked.withLock { $0.append(text) } }
            return PostgresPool(settings: settings, size: connections)
        }
    }

    @Test(arguments: [0, 3]) func anOlderSchemaIsRefusedWithTheCommandToRun(_ found: Int) async throws {
        try await TemporaryDatabase.with(isMigrated: false) { database async throws in
            if found > 0 { _ = try await database.migrator().up(to: found) }
            let program = Program(database, version: try Self.version)
            let error = await #expect(throws: PostgresError.self) { try await program.pool().reach() }
            let version = try Self.version
            #expect(error?.code == .schemaOutdated)
            #expect(
                error?.message
                    == "the database schema is at version \(found), this program needs \(version): run `columna migrate`"
            )
        }
    }

    /// A program of a branch was here first; the way up fills the gap.
    @Test func aSchemaWithAGapIsRefusedUntilSomebodyMigrates() async throws {
        try await TemporaryDatabase.with(isMigrated: false) { database async throws in
            let (gap, last) = (26, 27)
            let whole = try MigrationFolder(environment: [:]).migrations.filter { $0.number <= last }
            let branch = MigrationFolder(migrations: whole.filter { $0.number != gap })
            _ = try await Migrator(settings: database.settings, folder: branch).up()
            var settings = database.settings
            settings.schema = SchemaCheck(version: last, migrations: whole.map(\.number)) { _ in }
            let pool = PostgresPool(settings: settings, size: 1)
            let error = await #expect(throws: PostgresError.self) { try await pool.reach() }
            #expect(error?.code == .schemaOutdated)
            #expect(
                error?.message
                    == "the database schema is at version \(last) and lacks \(gap), which this program needs: run `columna migrate`"
            )
            _ = try await Migrator(settings: database.settings, folder: MigrationFolder(migrations: whole)).up()
            try await pool.reach()
        }
    }

    @Test func ofItsOwnSchemaAProgramSaysNothing() async throws {
        try await TemporaryDatabase.with { database async throws in
            let program = Program(database, version: try Self.version)
            try await program.pool().reach()
            #expect(program.remarks == [])
        }
    }

    @Test func aNewerSchemaIsServedWithOneRemark() async throws {
        try await TemporaryDatabase.with { database async throws in
            let program = Program(database, version: 19)
            let pool = program.pool(connections: 3)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask { try await pool.reach() } }
                try await group.waitForAll()
            }
            let version = try Self.version
            #expect(
                program.remarks == [
                    "the database schema is at version \(version), newer than the 19 of this program: upgrade the program, "
                        + "or take the schema back with the newer one's `columna migrate down --to 19 --yes`"
                ])
        }
    }

    @Test func aProgramThatRunsGoesOnWhateverIsMigrated() async throws {
        try await TemporaryDatabase.with { database async throws in
            let program = Program(database, version: try Self.version)
            let pool = program.pool()
            try await pool.reach()
            try await database.runScript("DELETE FROM columna_schema.schema_migrations WHERE number > 10")
            await pool.close()
            try await pool.reach()
        }
    }

    @Test(arguments: [0, 18]) func aProgramWhoseSchemaWasTakenBackIsToldSo(_ found: Int) async throws {
        try await TemporaryDatabase.with { database async throws in
            let version = try Self.version
            let schema = SchemaCheck(version: version) { _ in }
            var settings = database.settings
            settings.schema = schema
            let pool = PostgresPool(settings: settings, size: 1)
            let read = Statement("read_history", "SELECT evaluation FROM analytics.run_history")
            _ = try await pool.run(read())
            _ = try await database.migrator().down(to: found)
            let sentence =
                "the database schema is at version \(found), this program needs \(version): run `columna migrate`"
            // Alone, and within a transaction, where no more can be asked.
            let alone = await #expect(throws: PostgresError.self) { _ = try await pool.run(read()) }
            let within = await #expect(throws: PostgresError.self) {
                _ = try await pool.transaction { transaction, _ in try await transaction.run(read()) }
            }
            for error in [alone, within] { #expect(error?.code == .schemaOutdated && error?.message == sentence) }
            let told = await #expect(throws: PostgresError.self) { try await schema.waitUntilTakenBack() }
            #expect(told?.message == sentence)
            _ = try await database.migrator().up()
            _ = try await pool.run(read())
        }
    }

    @Test func whatIsMissingFromTheRightSchemaIsTheStatementsFault() async throws {
        try await TemporaryDatabase.with { database async throws in
            let pool = Program(database, version: try Self.version).pool()
            let error = await #expect(throws: PostgresError.self) {
                _ = try await pool.run(Statement("read_nothing", "SELECT x FROM columna.nothing")())
            }
            #expect(error?.sqlState == "42P01")
        }
    }

    @Test func aDatabaseThatWasMigratedMeanwhileIsReached() async throws {
        try await TemporaryDatabase.with(isMigrated: false) { database async throws in
            let pool = Program(database, version: try Self.version).pool()
            await #expect(throws: PostgresError.self) { try await pool.reach() }
            _ = try await database.migrator().up()
            try await pool.reach()
        }
    }
}
