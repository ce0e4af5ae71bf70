import Foundation
import JobEngine
import Persistence
import Registry
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct MigratorTests {
    private static var folder: MigrationFolder { get throws { try MigrationFolder(environment: [:]) } }

    /// The query of a view, out of its file.
    private static func definition(_ view: String) throws -> String {
        let sql = try #require(try folder.views.first { $0.name == view }).sql
        return String(try #require(sql.split(separator: " AS\n", maxSplits: 1).last).prefix { $0 != ";" })
    }

    @Test func theSchemaGoesUpDownAndUp() async throws {
        try await TemporaryDatabase.with(isMigrated: false) { database async throws in
            let migrator = try database.migrator()
            let numbers = try Self.folder.migrations.map(\.number)
            #expect(try await migrator.up().migrations.map(\.number) == numbers)
            #expect(try await migrator.up() == Migrator.Changes())
            #expect(try await migrator.down(to: 0).migrations.map(\.number) == numbers.reversed())
            #expect(try await migrator.status().migrations.allSatisfy { $0.appliedAt == nil })
            #expect(try await migrator.up().migrations.count == numbers.count)
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            #expect(try await store.enqueue([JobRequest(kind: Rehearsal.kind, tenant: "clinic")]).count == 1)
        }
    }

    @Test func metricsFromBeforeEvaluationsSurviveTheWayUpAndDown() async throws {
        try await TemporaryDatabase.with(isMigrated: false) { database async throws in
            let migrator = try database.migrator()
            _ = try await migrator.up(to: 10)
            let job = UUID()
            _ = try await database.pool.run([
                Statement(
                    "old_job",
                    """
                    INSERT INTO columna.jobs (id, created_at, changed_at, state, stage, priority, kind, tenant, parameters)
                    VALUES ($1, now(), now(), 'waiting', 'evaluation', 'routine', 'evaluate-segmentation', 'clinic', '{}')
                    """)(.uuid(job)),
                Statement(
                    "old_metric",
                    """
                    INSERT INTO columna.class_metrics (
                        job, class_value, class_name, case_name, model_version, in_truth, in_prediction, true_positives, false_positives,
                        false_negatives, true_negatives, dice, truth_volume_ml, predicted_volume_ml, evaluated_at)
                    VALUES ($1, 20, 'L1', 'case-7', 'spine@2', true, true, 4, 1, 1, 94, 0.8, 5, 5, now())
                    """)(.uuid(job)),
            ])
            // As the table has it, then with the case's in a table of its own, at last as analysts see it.
            let ways = [
                (11, "columna.class_metrics JOIN columna.case_metrics USING (job, variant)"),
                (10, "columna.class_metrics"), (try Self.folder.version, "analytics.case_metrics"),
            ]
            for (step, place) in ways {
                _ = step == 10 ? try await migrator.down(to: 10) : try await migrator.up(to: step)
                let read = Statement("read_metric_\(step)", "SELECT case_name, model_version, dice, job FROM \(place)")
                let rows = try await database.pool.run(read())
                #expect(rows.count == 1)
                #expect(try rows[0].string("case_name") == "case-7")
                #expect(try rows[0].string("model_version") == "spine@2")
                #expect(try rows[0].double("dice") == 0.8)
                #expect(try rows[0].uuid("job") == job)
            }
        }
    }

    @Test func theSchemaOfANewerProgramIsLeftAlone() async throws {
        try await TemporaryDatabase.with { database async throws in
            try await database.runScript(
                """
                INSERT INTO columna_schema.schema_migrations (number, name, checksum) VALUES (999, 'next', '0');
                CREATE OR REPLACE VIEW analytics.job_status AS SELECT *, 1 AS newer FROM (\(try Self.definition("job_status"))) AS old;
                UPDATE columna_schema.views SET checksum = 'newer' WHERE name = 'job_status';
                """)
            #expect(try await database.migrator().up() == Migrator.Changes())
            _ = try await database.pool.run(Statement("read_newer", "SELECT newer FROM analytics.job_status")())
            let error = await #expect(throws: PostgresError.self) { _ = try await database.migrator().down(to: 19) }
            #expect(error?.code == .schemaNewer)
            let own = try Self.folder.version
            #expect(error?.message.contains("is at version 999, newer than the \(own)") == true)
        }
    }

    @Test func aMigrationEditedAfterwardsIsRefused() async throws {
        try await TemporaryDatabase.with(isMigrated: false) { database async throws in
            var steps = [Migration(number: 1, name: "a", upSQL: "CREATE TABLE a (x int)", downSQL: "DROP TABLE a")]
            _ = try await Migrator(settings: database.settings, folder: MigrationFolder(migrations: steps)).up()
            steps[0].upSQL += " -- edited"
            let edited = Migrator(settings: database.settings, folder: MigrationFolder(migrations: steps))
            let error = await #expect(throws: PostgresError.self) { _ = try await edited.up() }
            #expect(error?.code == .migrationFailed)
        }
    }

    @Test func aMigrationMayNameTheTextItReplaces() async throws {
        try await TemporaryDatabase.with(isMigrated: false) { database async throws in
            let former = Migration(number: 1, name: "a", upSQL: "CREATE TABLE a (x int); SELECT 1", downSQL: "")
            func up(_ sql: String) async throws -> Migrator.Changes {
                let migration = Migration(number: 1, name: "a", upSQL: sql, downSQL: "")
                return try await Migrator(
                    settings: database.settings, folder: MigrationFolder(migrations: [migration])
                ).up()
            }
            _ = try await up(former.upSQL)
            #expect(try await up("-- replaces: \(former.checksum)\nCREATE TABLE a (x int)") == Migrator.Changes())
            await #expect(throws: PostgresError.self) { try await up("-- replaces: 0\nCREATE TABLE a (x int)") }
            // The database keeps what it applied.
            #expect(try await up(former.upSQL) == Migrator.Changes())
        }
    }

    @Test func aMigrationThatFailsLeavesNothingBehind() async throws {
        try await TemporaryDatabase.with(isMigrated: false) { database async throws in
            let broken = Migration(number: 1, name: "a", upSQL: "CREATE TABLE a (x int); SELECT nonsense", downSQL: "")
            let migrator = Migrator(settings: database.settings, folder: MigrationFolder(migrations: [broken]))
            await #expect(throws: PostgresError.self) { _ = try await migrator.up() }
            #expect(try await migrator.status().migrations.first?.appliedAt == nil)
            let rows = try await database.pool.run(
                Statement("find_table", "SELECT to_regclass('a') IS NULL AS is_missing")())
            #expect(try rows[0].boolean("is_missing"))
        }
    }

    @Test func migratorsAtTheSameTimeApplyEachStepOnce() async throws {
        try await TemporaryDatabase.with(isMigrated: false) { database async throws in
            let applied = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<3 { group.addTask { try await database.migrator().up().migrations.count } }
                return try await group.reduce(0, +)
            }
            #expect(try applied == Self.folder.migrations.count)
        }
    }

    @Test(arguments: [["001_a", "001_b"], ["000_a"], ["1_a"], ["001"]])
    func everyMigrationHasANumberOfItsOwn(_ names: [String]) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "columna-migrations-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for file in names.flatMap({ ["\($0).up.sql", "\($0).down.sql"] }) {
            try Data().write(to: folder.appending(path: file))
        }
        let error = #expect(throws: PostgresError.self) { try MigrationFolder(reading: folder) }
        #expect(error?.code == .migrationFailed)
    }
}
