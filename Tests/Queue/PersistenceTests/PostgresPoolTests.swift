import Faults
import Foundation
import JobEngine
import Persistence
import Registry
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct PostgresPoolTests {
    private static let processID = Statement("process_id", "SELECT pg_backend_pid() AS pid")

    @Test func aKilledBackendIsATransientFailureAndThePoolRecovers() async throws {
        try await TemporaryDatabase.with(connections: 2) { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            _ = try await store.enqueue([JobRequest(kind: Rehearsal.kind, tenant: "clinic")])
            let killer = PostgresConnection(database.settings)
            let error = await #expect(throws: PostgresError.self) {
                try await database.pool.transaction { transaction, _ in
                    let pid = try await transaction.run(Self.processID())[0].integer("pid")
                    // Waits for its end: a backend that dies a moment later may have committed before, unheard.
                    _ = try await killer.run([
                        Statement("kill", "SELECT pg_terminate_backend($1::bigint::integer, 5000)")(.integer(pid))
                    ])
                    _ = try await transaction.run(Statement("write", "UPDATE columna.jobs SET tenant = 'other'")())
                }
            }
            #expect(error?.blame == .passing)
            let claimed = try await store.claimAvailableJobs(ClaimRequest(stage: .evaluation, worker: "w"))
            #expect(claimed.map(\.record.tenant) == ["clinic"])
        }
    }

    @Test func anIdleConnectionThatTheServerClosedIsReplacedUnseen() async throws {
        try await TemporaryDatabase.with(connections: 1) { database async throws in
            let pid = try await database.pool.run(Self.processID())[0].integer("pid")
            let killer = PostgresConnection(database.settings)
            let kill = Statement("kill", "SELECT pg_terminate_backend($1::bigint::integer, 5000)")
            _ = try await killer.run([kill(.integer(pid))])
            #expect(try await database.pool.run(Self.processID())[0].integer("pid") != pid)
        }
    }

    private static let read = Statement("read_e", "SELECT x FROM e")

    private static func makeAnew(_ database: TemporaryDatabase) async throws {
        let other = PostgresConnection(database.settings)
        try await other.runScript("DROP TABLE IF EXISTS e; CREATE TABLE e (x text)", name: "make_anew")
        await other.close()
    }

    @Test func aStatementPreparedForATableThatWasMadeAnewIsToldAnew() async throws {
        try await TemporaryDatabase.with(connections: 1) { database async throws in
            try await database.runScript("CREATE TABLE e (x integer)")
            _ = try await database.pool.run(Self.read())
            try await Self.makeAnew(database)
            #expect(try await database.pool.run(Self.read()).isEmpty)
        }
    }

    @Test func aStatementThatTheServerForgotIsToldAnew() async throws {
        try await TemporaryDatabase.with(connections: 1) { database async throws in
            _ = try await database.pool.run(Self.processID())
            try await database.runScript("DEALLOCATE ALL")
            #expect(try await database.pool.run(Self.processID()).count == 1)
        }
    }

    @Test func withinATransactionAnOldStatementFailsAndItsConnectionIsNotUsedAgain() async throws {
        try await TemporaryDatabase.with(connections: 1) { database async throws in
            try await database.runScript("CREATE TABLE e (x integer); CREATE TABLE written (x integer)")
            _ = try await database.pool.run(Self.read())
            let pid = try await database.pool.run(Self.processID())[0].integer("pid")
            try await Self.makeAnew(database)
            let error = await #expect(throws: PostgresError.self) {
                try await database.pool.transaction { transaction, _ in
                    _ = try await transaction.run(Statement("write", "INSERT INTO written VALUES (1)")())
                    _ = try await transaction.run(Self.read())
                }
            }
            #expect(error?.sqlState == "0A000")
            #expect(try await database.pool.run(Self.processID())[0].integer("pid") != pid)
            #expect(try await database.pool.run(Self.read()).isEmpty)
            #expect(try await database.pool.run(Statement("written", "SELECT x FROM written")()).isEmpty)
        }
    }

    @Test func aStoreWorksOnWhenTheSchemaWasTakenBackAndMadeAnew() async throws {
        try await TemporaryDatabase.with(connections: 1) { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let claim = ClaimRequest(stage: .evaluation, worker: "w")
            func enqueueAndClaim() async throws -> Int {
                _ = try await store.enqueue([JobRequest(kind: Rehearsal.kind, tenant: "clinic")])
                return try await store.claimAvailableJobs(claim).count
            }
            #expect(try await enqueueAndClaim() == 1)
            let migrator = try database.migrator()
            _ = try await migrator.down(to: 0)
            _ = try await migrator.up()
            await migrator.close()
            #expect(try await enqueueAndClaim() == 1)
        }
    }

    @Test func aServerThatIsNotThereIsATransientFailure() async throws {
        let pool = PostgresPool(url: "postgresql://nobody@127.0.0.1:1/nothing", size: 1)
        let error = await #expect(throws: PostgresError.self) { _ = try await pool.run(Self.processID()) }
        #expect(error?.code == .connectionLost)
        #expect(error?.blame == .passing)
    }

    @Test func aBatchIsOneTransaction() async throws {
        try await TemporaryDatabase.with { database async throws in
            let batch = [Statement("create", "CREATE TABLE t (x int)")(), Statement("break", "SELECT 1 / 0")()]
            let error = await #expect(throws: PostgresError.self) { _ = try await database.pool.run(batch) }
            #expect(error?.sqlState == "22012")
            #expect(error?.statement == "break")
            let rows = try await database.pool.run(Statement("find", "SELECT to_regclass('t') IS NULL AS is_missing")())
            #expect(try rows[0].boolean("is_missing"))
        }
    }

    @Test func errorsNeverShowBoundValues() async throws {
        try await TemporaryDatabase.with { database async throws in
            let statement = Statement("cast", "SELECT $1::text::uuid")
            let error = await #expect(throws: PostgresError.self) {
                _ = try await database.pool.run(statement(.text("Jane Doe")))
            }
            #expect(error?.description.contains("Jane") == false)
            #expect(error?.description.contains("22P02") == true)
        }
    }

    @Test func moreTasksThanConnectionsWaitTheirTurn() async throws {
        try await TemporaryDatabase.with(connections: 2) { database async throws in
            let count = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await database.pool.run(Self.processID()).count } }
                return try await group.reduce(0, +)
            }
            #expect(count == 20)
        }
    }

    @Test func whoIsCancelledWhileWaitingGivesUp() async throws {
        try await TemporaryDatabase.with(connections: 1) { database async throws in
            try await database.pool.withConnection { _ in
                let waiting = Task { try await database.pool.run(Self.processID()) }
                waiting.cancel()
                await #expect(throws: CancellationError.self) { _ = try await waiting.value }
            }
            #expect(try await database.pool.run(Self.processID()).count == 1)
        }
    }

    @Test func valuesComeBackAsTheyWent() async throws {
        try await TemporaryDatabase.with { database async throws in
            let (id, date) = (UUID(), Date(timeIntervalSince1970: 1_750_000_000.123456))
            let echo = Statement(
                "echo",
                """
                SELECT $1::text AS t, $2::bigint AS i, $3::float8 AS d, $4::boolean AS b, $5::uuid AS u, $6::timestamptz AS z, $7::text AS n,
                    $8::text[] AS a, cardinality($9::text[]) AS empty
                """)
            let row = try await database.pool.run(
                echo(
                    .text("Ä \u{1F9B4} \0".replacingOccurrences(of: "\0", with: "")), .integer(Int64.min),
                    .double(-0.1), .boolean(true),
                    .uuid(id), .timestamp(date), .text(nil), .texts(["x,\"}", nil, ""]), .texts([])))[0]
            #expect(try row.string("t") == "Ä \u{1F9B4} ")
            #expect(try row.integer("i") == Int(Int64.min))
            #expect(try row.double("d") == -0.1)
            #expect(try row.boolean("b"))
            #expect(try row.uuid("u") == id)
            #expect(abs(try row.date("z").timeIntervalSince(date)) < 1e-6)
            #expect(try row.optionalString("n") == nil)
            #expect(try row.integer("empty") == 0)
        }
    }

    @Test func theAuditCannotBeRewritten() async throws {
        try await TemporaryDatabase.with { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            try await store.setPaused(true, stage: .training, actor: "operator")
            for sql in [
                "UPDATE columna.audit SET actor = 'nobody'", "DELETE FROM columna.audit", "TRUNCATE columna.audit",
            ] {
                let error = await #expect(throws: PostgresError.self) {
                    _ = try await database.pool.run(Statement(sql, sql)())
                }
                #expect(error?.sqlState == "CL003")
            }
        }
    }
}
