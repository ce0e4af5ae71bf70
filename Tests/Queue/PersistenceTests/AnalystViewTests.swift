import Faults
import Foundation
import Persistence
import TestSupport
import Testing

/// The views that stand in files, made again when their text changes.
@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct AnalystViewTests {
    @Test func aViewIsMadeAgainWhenItsTextChangedAndNoOther() async throws {
        try await TemporaryDatabase.with { database async throws in
            let changed = try Self.migrator(database) { view in
                if view.name == "job_status" { view.sql += "\nCOMMENT ON VIEW analytics.job_status IS 'changed';" }
            }
            #expect(try await changed.status().staleViews == ["job_status"])
            #expect(try await changed.up().views == ["job_status"])
            #expect(try await changed.up() == Migrator.Changes())
            #expect(try await changed.status().staleViews == [])
            #expect(try await database.catalogue().contains("comment analytics.job_status: changed"))
        }
    }

    @Test func aViewThatWasDroppedComesBack() async throws {
        try await TemporaryDatabase.with { database async throws in
            try await database.runScript("DROP VIEW analytics.run_history")
            #expect(try await database.migrator().up().views == ["run_history"])
        }
    }

    @Test func aViewThatAMigrationDropsComesBackWithIt() async throws {
        try await TemporaryDatabase.with { database async throws in
            var folder = try MigrationFolder(environment: [:])
            folder.migrations.append(
                Migration(
                    number: folder.version + 1, name: "next", upSQL: "DROP VIEW IF EXISTS analytics.job_status",
                    downSQL: ""))
            #expect(try await Migrator(settings: database.settings, folder: folder).up().views == ["job_status"])
        }
    }

    @Test func theWayDownLeavesWhatAHospitalMadeItself() async throws {
        try await TemporaryDatabase.with { database async throws in
            try await database.runScript("CREATE VIEW analytics.own AS SELECT 1 AS x")
            _ = try await database.migrator().down(to: try MigrationFolder(environment: [:]).version - 1)
            #expect(
                try await database.catalogue().filter { $0.hasPrefix("relation analytics.") }
                    == ["relation analytics.own: v "])
        }
    }

    @Test func aViewWhoseFileIsGoneGoesWithTheNextMigration() async throws {
        try await TemporaryDatabase.with { database async throws in
            var folder = try MigrationFolder(environment: [:])
            folder.views.removeAll { $0.name == "bad_cases" }
            folder.migrations.append(Migration(number: folder.version + 1, name: "next", upSQL: "", downSQL: ""))
            #expect(try await Migrator(settings: database.settings, folder: folder).up().views == ["bad_cases"])
            #expect(try await database.catalogue().allSatisfy { !$0.contains("analytics.bad_cases") })
        }
    }

    @Test func whatPeopleMayDoWithAViewComesBackWithIt() async throws {
        try await TemporaryDatabase.with { database async throws in
            try await database.runScript(
                """
                GRANT SELECT ON analytics.job_status TO PUBLIC;
                GRANT SELECT ON analytics.bad_cases TO pg_monitor WITH GRANT OPTION;
                """)
            let grants = try await database.catalogue().filter { $0.hasPrefix("grant ") }
            var folder = try Self.edited { view in
                if view.name == "bad_cases" { view.sql = "DROP VIEW IF EXISTS analytics.bad_cases;\n" + view.sql }
            }
            for sql in ["DROP VIEW analytics.job_status", ""] {
                folder.migrations.append(
                    Migration(number: folder.version + 1, name: "next", upSQL: sql, downSQL: ""))
            }
            let changes = try await Migrator(settings: database.settings, folder: folder).up()
            #expect(changes.views == ["bad_cases", "job_status"])
            #expect(try await database.catalogue().filter { $0.hasPrefix("grant ") } == grants)
        }
    }

    /// As after a rollback to a program of the same number: views change without one.
    @Test func whatANewerProgramOfTheSameNumberShowsStays() async throws {
        try await TemporaryDatabase.with { database async throws in
            var newer = try MigrationFolder(environment: [:])
            for index in newer.views.indices where newer.views[index].name == "model_versions" {
                newer.views[index].sql.replace("\nFROM", with: ",\n    1 AS newer\nFROM", maxReplacements: 1)
            }
            newer.views.append(
                AnalystView(name: "next", sql: "CREATE OR REPLACE VIEW analytics.next AS SELECT 1 AS newer"))
            let upgraded = try await Migrator(settings: database.settings, folder: newer).up()
            #expect(upgraded.views == ["model_versions", "next"])
            let catalogue = try await database.catalogue()
            let older = try await database.migrator().up()
            #expect(older.views == [])
            #expect(older.newerViews == ["model_versions"])
            #expect(try await database.catalogue() == catalogue)
            #expect(try await Migrator(settings: database.settings, folder: newer).up() == Migrator.Changes())
        }
    }

    @Test func viewsThatAreReadMeanwhileAreMadeAll() async throws {
        try await TemporaryDatabase.with { database async throws in
            let migrator = try Self.migrator(database) { $0.sql += Self.remark($0) }
            let up = try await database.pool.transaction(first: [Self.undoOthers(), Self.read("run_history")]) {
                reader, _ in
                let up = Task { try await migrator.up() }
                while try await database.pool.run(Self.waiting()).isEmpty {}
                // Each waits for what the other holds, and PostgreSQL undoes what the migrator did.
                _ = try await reader.run(Self.read("bad_cases"))
                return up
            }
            #expect(try await up.value.views == MigrationFolder(environment: [:]).views.map(\.name))
        }
    }

    private static func read(_ view: String) -> Query {
        Statement("read_\(view)", "SELECT count(*) FROM analytics.\(view)")()
    }

    private static func remark(_ view: AnalystView) -> String {
        "\nCOMMENT ON VIEW analytics.\(view.name) IS 'changed';"
    }

    /// Of two that wait for each other, who looks first is undone: this one never looks.
    private static let undoOthers = Statement("undo_others", "SELECT set_config('deadlock_timeout', '10min', true)")

    private static let waiting = Statement(
        "waiting",
        """
        SELECT pid FROM pg_locks
        WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """)

    @Test func whoWaitsForAReaderIsToldSo() async throws {
        try await TemporaryDatabase.with { database async throws in
            var settings = database.settings
            settings.lockTimeoutInSeconds = 0.2
            let migrator = Migrator(settings: settings, folder: try Self.edited { $0.sql += Self.remark($0) })
            let error = try await database.pool.transaction(first: [Self.read("run_history")]) { _, _ in
                await #expect(throws: PostgresError.self) { try await migrator.up() }
            }
            #expect(error?.blame == .passing)
            #expect(error?.statement == "views/run_history.sql")
            #expect(error?.message.contains("pg_stat_activity") == true)
        }
    }

    @Test func whatStandsOnAViewThatGoesIsToldOf() async throws {
        try await TemporaryDatabase.with { database async throws in
            try await database.runScript(
                "CREATE SCHEMA hospital; CREATE VIEW hospital.own AS SELECT case_name FROM analytics.bad_cases")
            let migrator = try Self.migrator(database) { view in
                if view.name == "bad_cases" { view.sql = "DROP VIEW IF EXISTS analytics.bad_cases;\n" + view.sql }
            }
            let error = await #expect(throws: PostgresError.self) { try await migrator.up() }
            #expect(error?.statement == "views/bad_cases.sql")
            #expect(error?.message.contains("a view of the hospital's own, or something else, stands on") == true)
        }
    }

    @Test func aViewThatFailsTakesBackTheMigrationItCameWith() async throws {
        try await TemporaryDatabase.with { database async throws in
            var folder = try MigrationFolder(environment: [:])
            let next = folder.version + 1
            folder.migrations.append(
                Migration(number: next, name: "next", upSQL: "CREATE TABLE columna.next (x integer)", downSQL: ""))
            folder.views.append(
                AnalystView(name: "next", sql: "CREATE VIEW analytics.next AS SELECT y FROM columna.next"))
            let migrator = Migrator(settings: database.settings, folder: folder)
            let error = await #expect(throws: PostgresError.self) { _ = try await migrator.up() }
            #expect(error?.statement == "views/next.sql")
            #expect(try await migrator.status().migrations.last?.appliedAt == nil)
        }
    }

    @Test(arguments: ["Case.sql", "a; b.sql", "1.sql"])
    func aViewsFileIsNamedAfterIt(_ file: String) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "columna-views-\(UUID().uuidString)")
        let views = folder.appending(path: "views")
        try FileManager.default.createDirectory(at: views, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data().write(to: views.appending(path: file))
        let error = #expect(throws: PostgresError.self) { try MigrationFolder(reading: folder) }
        #expect(error?.code == .migrationFailed)
    }

    /// Over the project's files, each view edited.
    private static func migrator(_ database: TemporaryDatabase, edit: (inout AnalystView) -> Void) throws -> Migrator {
        Migrator(settings: database.settings, folder: try edited(edit))
    }

    private static func edited(_ edit: (inout AnalystView) -> Void) throws -> MigrationFolder {
        var folder = try MigrationFolder(environment: [:])
        for index in folder.views.indices { edit(&folder.views[index]) }
        return folder
    }
}
