import JobEngine
import Persistence
import Registry
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct KindLimitsTests {
    private static func limits(_ database: TemporaryDatabase) async throws -> [String: KindLimits] {
        let sql = """
            SELECT kind, extract(epoch FROM waiting)::float8 AS waiting, extract(epoch FROM running)::float8 AS running,
                extract(epoch FROM no_progress)::float8 AS no_progress
            FROM columna.kind_limits
            """
        let rows = try await database.pool.run(Statement("kind_limits", sql)()).map { row in
            let limits = KindLimits(
                waitingInSeconds: try row.double("waiting"), runningInSeconds: try row.double("running"),
                noProgressInSeconds: try row.double("no_progress"))
            return (try row.string("kind"), limits)
        }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    @Test func aMigratedDatabaseHasTheDeclaredLimits() async throws {
        try await TemporaryDatabase.with { database async throws in
            let declared = Dictionary(
                JobKind.all.map { ($0.rawValue, $0.limits) }, uniquingKeysWith: { first, _ in first })
            // Kinds from before they were declared have their limits from migrations.
            #expect(try await Self.limits(database).allSatisfy { declared[$0.key] == $0.value })
            try await PostgresJobStore(pool: database.pool, bookkeeping: .studies).declareKinds()
            #expect(try await Self.limits(database) == declared)
        }
    }

    @Test func aNewKindGetsItsLimitsAndWhatOperatorsSetStays() async throws {
        try await TemporaryDatabase.with { database async throws in
            let kinds = [
                JobKind("transcribe-report", of: .evaluation, limits: .hours(running: 2)),
                JobKind("rehearsal", of: .evaluation, limits: .hours(running: 99)),
            ]
            let before = try await Self.limits(database)
            try await PostgresJobStore(pool: database.pool, bookkeeping: Bookkeeping(kinds: kinds)).declareKinds()
            let after = try await Self.limits(database)
            #expect(after["transcribe-report"] == .hours(running: 2))
            #expect(after["rehearsal"] == before["rehearsal"])
        }
    }
}
