import Foundation
import Persistence
import TestSupport
import Testing

/// The views that stand in files: as the numbered migrations made them, and made again when their text changes.
@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct AnalystViewTests {
    /// The last schema whose views the migrations made.
    private static let numbered = 19

    @Test func aDatabaseWhoseViewsMigrationsMadeBecomesAsANewOne() async throws {
        let new = try await TemporaryDatabase.with { try await Self.catalogue($0) }
        try await TemporaryDatabase.with(isMigrated: false) { database async throws in
            _ = try await database.migrator().up(to: Self.numbered)
            let before = try await Self.catalogue(database)
            #expect(before.filter { $0.hasPrefix("definition") }.count == 16)
            _ = try await database.migrator().up()
            #expect(try await Self.catalogue(database) == new)
            let lost = Set(before.filter { $0.hasPrefix("column") }).subtracting(new)
            #expect(lost == [], "columns that analysts had, in their order and type")
        }
    }

    @Test func whatStandsOnAViewStaysWhenItIsMadeFromItsFile() async throws {
        try await TemporaryDatabase.with(isMigrated: false) { database async throws in
            _ = try await database.migrator().up(to: Self.numbered)
            // An operator's own grant, and a hospital's own view over one of ours.
            try await database.runScript(
                """
                GRANT SELECT ON analytics.bad_cases TO PUBLIC;
                CREATE SCHEMA hospital;
                CREATE VIEW hospital.dice AS SELECT case_name, dice FROM analytics.case_metrics;
                """)
            _ = try await database.migrator().up()
            #expect(try await Self.catalogue(database).contains { $0.hasPrefix("grant bad_cases: =r/") })
            _ = try await database.pool.run(Statement("read_own_view", "SELECT * FROM hospital.dice")())
        }
    }

    @Test func theWayDownMakesTheViewsOfTheMigrationsAgain() async throws {
        try await TemporaryDatabase.with(isMigrated: false) { database async throws in
            _ = try await database.migrator().up(to: Self.numbered)
            let before = try await Self.catalogue(database)
            _ = try await Self.migrator(database) {
                $0.sql +=
                    "\nDROP VIEW analytics.\($0.name); CREATE VIEW analytics.\($0.name) AS SELECT 1 AS other;"
            }.up()
            #expect(try await Self.catalogue(database) != before)
            _ = try await database.migrator().down(to: Self.numbered)
            #expect(try await Self.catalogue(database) == before)
            let changes = try await database.migrator().up()
            #expect(changes.migrations.map(\.number).first == Self.numbered + 1)
            #expect(changes.views.count >= 16)
        }
    }

    @Test func aViewIsMadeAgainWhenItsTextChangedAndNoOther() async throws {
        try await TemporaryDatabase.with { database async throws in
            let changed = try Self.migrator(database) { view in
                if view.name == "job_status" { view.sql += "\nCOMMENT ON VIEW analytics.job_status IS 'changed';" }
            }
            #expect(try await changed.status().staleViews == ["job_status"])
            #expect(try await changed.up().views == ["job_status"])
            #expect(try await changed.up() == Migrator.Changes())
            #expect(try await changed.status().staleViews == [])
            #expect(try await Self.catalogue(database).contains("comment job_status.: changed"))
        }
    }

    @Test func aViewThatWasDroppedComesBack() async throws {
        try await TemporaryDatabase.with { database async throws in
            try await database.runScript("DROP VIEW analytics.run_history")
            #expect(try await database.migrator().up().views == ["run_history"])
        }
    }

    @Test func aViewWhoseFileIsGoneGoesToo() async throws {
        try await TemporaryDatabase.with { database async throws in
            var folder = try MigrationFolder(environment: [:])
            folder.views.removeAll { $0.name == "bad_cases" }
            #expect(try await Migrator(settings: database.settings, folder: folder).up().views == ["bad_cases"])
            #expect(try await Self.catalogue(database).allSatisfy { !$0.contains("bad_cases") })
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
        var folder = try MigrationFolder(environment: [:])
        for index in folder.views.indices { edit(&folder.views[index]) }
        return Migrator(settings: database.settings, folder: folder)
    }

    /// All that PostgreSQL knows of the schema's views: definitions, columns in order with types, comments, grants.
    private static func catalogue(_ database: TemporaryDatabase) async throws -> [String] {
        try await names(
            database,
            """
            SELECT line AS name
            FROM pg_class AS view
            CROSS JOIN LATERAL (
                SELECT format('definition %s: %s', view.relname, pg_get_viewdef(view.oid)) AS line
                UNION ALL
                SELECT format('column %s.%s: %s %s', view.relname, attnum, attname, format_type(atttypid, atttypmod))
                FROM pg_attribute
                WHERE attrelid = view.oid AND attnum > 0
                UNION ALL
                SELECT format('comment %s.%s: %s', view.relname, attname, description)
                FROM pg_description
                LEFT JOIN pg_attribute ON attrelid = objoid AND attnum = objsubid AND attnum > 0
                WHERE objoid = view.oid
                UNION ALL
                SELECT format('grant %s: %s', view.relname, entry) FROM unnest(view.relacl) AS entry
            ) AS lines
            WHERE view.relnamespace = 'analytics'::regnamespace
            ORDER BY line COLLATE "C"
            """)
    }

    private static func names(_ database: TemporaryDatabase, _ sql: String) async throws -> [String] {
        try await database.pool.run(Statement("names_\(sql.utf8.count)", sql)()).map { try $0.string("name") }
    }
}
