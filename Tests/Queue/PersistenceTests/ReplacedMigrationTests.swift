import Archives
import Foundation
import Persistence
import TestSupport
import Testing

/// Migrations 007 to 019 once made the views of analysts, too. Databases that applied those texts (`replaced.zip`) are
/// carried over, from wherever they stand.
@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct ReplacedMigrationTests {
    /// The last schema whose views the migrations made.
    private static let numbered = 19

    /// The files of a program from before: the former texts, and views from files since 020.
    private static func former() throws -> MigrationFolder {
        let archive = try ZipArchive(
            Data(contentsOf: Fixtures.url("migrations/replaced.zip")), limits: ZipLimits())
        var texts: [Int: String] = [:]
        for entry in archive.entries {
            let content = try archive.content(of: entry, limit: 1 << 20)
            texts[try #require(Int(entry.name.prefix(3)))] = String(decoding: content, as: UTF8.self)
        }
        var folder = try MigrationFolder(environment: [:])
        folder.migrations.removeAll { $0.number > numbered + 1 }
        for index in folder.migrations.indices {
            folder.migrations[index].upSQL = texts[folder.migrations[index].number] ?? folder.migrations[index].upSQL
        }
        // Those of its time: one came later if it reads a table of a later migration.
        folder.views.removeAll {
            ["model_gates", "training_epochs", "corrections", "correction_rounds"].contains($0.name)
        }
        let texts020 = Fixtures.url("migrations/views-020")
        for index in folder.views.indices {
            let file = texts020.appending(path: "\(folder.views[index].name).sql")
            if let text = try? String(contentsOf: file, encoding: .utf8) {
                folder.views[index] = AnalystView(name: folder.views[index].name, sql: text)
            }
        }
        return folder
    }

    /// Runs `body` with a database that a program from before made.
    private static func old(at version: Int, _ body: (TemporaryDatabase) async throws -> Void) async throws {
        try await TemporaryDatabase.with(isMigrated: false) { database async throws in
            _ = try await Migrator(settings: database.settings, folder: former()).up(to: version)
            try await body(database)
        }
    }

    /// A measured case of a job of a study, the way the schema of `version` holds it.
    private static func rows(_ version: Int) -> String {
        let measure =
            version < 11
            ? """
            INSERT INTO columna.class_metrics (
                job, class_value, class_name, case_name, model_version, in_truth, in_prediction, true_positives, false_positives,
                false_negatives, true_negatives, dice, truth_volume_ml, predicted_volume_ml, evaluated_at)
            SELECT id, 20, 'L1', 'case-7', 'spine@2', true, true, 4, 1, 1, 94, 0.8, 5, 5, now() FROM columna.jobs;
            """
            : """
            INSERT INTO columna.case_metrics (job, variant, case_name, model_version, evaluated_at)
            SELECT id, 'delivered', 'case-7', 'spine@2', now() FROM columna.jobs;
            INSERT INTO columna.class_metrics (
                job, variant, class_value, class_name, in_truth, in_prediction, true_positives, false_positives,
                false_negatives, true_negatives, dice, truth_volume_ml, predicted_volume_ml)
            SELECT id, 'delivered', 20, 'L1', true, true, 4, 1, 1, 94, 0.8, 5, 5 FROM columna.jobs;
            """
        let hold = """
            INSERT INTO columna.held_deliveries (job, destination, model_version, cause, reasons, held_at)
            SELECT id, 'pacs', 'spine@2', 'needs-review', '{}', now() FROM columna.jobs;
            """
        return """
            INSERT INTO columna.studies (id, tenant, pipeline, message_id, first_job, created_at)
            VALUES (gen_random_uuid(), 'clinic', 'segment', 'message', gen_random_uuid(), now());
            INSERT INTO columna.jobs (id, study, created_at, changed_at, state, stage, priority, kind, tenant, parameters)
            SELECT
                gen_random_uuid(), id, now(), now(), 'waiting', 'evaluation', 'routine', 'evaluate-segmentation', 'clinic',
                '{"path": "/mueller", "n": 1}'
            FROM columna.studies;
            \(measure)
            \(version < 15 ? "" : hold)
            """
    }

    @Test(arguments: [7, 10, 11, 12, 15, 19, 20]) func anOldDatabaseBecomesAsANewOne(_ version: Int) async throws {
        let ours = """
            SELECT format('%s %s %s %s', kind, waiting, running, no_progress) AS name FROM columna.kind_limits
            UNION ALL SELECT name || ' ' || checksum FROM columna_schema.views
            ORDER BY name
            """
        let new = try await TemporaryDatabase.with { (try await $0.catalogue(), try await $0.strings(ours)) }
        try await Self.old(at: version) { database in
            try await database.runScript(Self.rows(version))
            let had = try await database.catalogue().filter { $0.hasPrefix("column analytics.") }
            #expect(!had.isEmpty)
            _ = try await database.migrator().up()
            let catalogue = try await database.catalogue()
            #expect(Set(catalogue).symmetricDifference(new.0) == [])
            #expect(try await database.strings(ours) == new.1)
            #expect(Set(had).subtracting(catalogue) == [], "columns that analysts had, in their order and type")
            #expect(
                try await database.strings(
                    """
                    SELECT format('%s %s %s %s', case_name, model_version, class_name, dice) AS name FROM analytics.case_metrics
                    UNION ALL SELECT parameters::text FROM analytics.job_lineage
                    UNION ALL SELECT destination FROM analytics.held_deliveries
                    UNION ALL SELECT message_id FROM columna.studies
                    """) == ["case-7 spine@2 L1 0.8", #"{"n": 1}"#] + (version < 15 ? [] : ["pacs"]) + ["message"])
            #expect(try await database.migrator().up() == Migrator.Changes())
        }
    }

    @Test(arguments: [19, 20]) func aProgramOfBeforeFindsItsDatabaseAsItLeftIt(_ version: Int) async throws {
        try await Self.old(at: version) { database in
            _ = try await database.migrator().up()
            #expect(
                try await Migrator(settings: database.settings, folder: Self.former()).up() == Migrator.Changes())
        }
    }

    @Test func whatStandsOnAViewStaysWhenItIsMadeFromItsFile() async throws {
        try await Self.old(at: Self.numbered) { database in
            // An operator's own grant, and a hospital's own view over one of ours.
            try await database.runScript(
                """
                GRANT SELECT ON analytics.bad_cases TO PUBLIC;
                CREATE SCHEMA hospital;
                CREATE VIEW hospital.dice AS SELECT case_name, dice FROM analytics.case_metrics;
                """)
            _ = try await database.migrator().up()
            #expect(try await database.catalogue().contains { $0.hasPrefix("grant analytics.bad_cases: =r/") })
            _ = try await database.pool.run(Statement("read_own_view", "SELECT * FROM hospital.dice")())
        }
    }

    @Test func theWayDownMakesTheViewsOfTheMigrationsAgain() async throws {
        try await Self.old(at: Self.numbered) { database in
            let before = try await database.catalogue()
            _ = try await database.migrator().up()
            #expect(try await database.catalogue() != before)
            _ = try await database.migrator().down(to: Self.numbered)
            #expect(try await database.catalogue() == before)
            let program = try Migrator(settings: database.settings, folder: Self.former())
            #expect(try await program.up(to: Self.numbered) == Migrator.Changes())
            _ = try await database.migrator().up()
        }
    }

    @Test func belowThatTheWayDownLeavesNoViews() async throws {
        try await Self.old(at: Self.numbered) { database in
            // No way up before it: nobody has handed the views over yet.
            let changes = try await database.migrator().down(to: 0)
            #expect(changes.views.count == 16)
            #expect(try await database.catalogue().allSatisfy { $0.contains("columna_schema") })
            _ = try await database.migrator().up()
        }
    }
}
