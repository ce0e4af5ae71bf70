import Foundation
import JobEngine
import Persistence
import Studies
import TestSupport
import Testing
import WorkerRuntime

/// What a worker does while PostgreSQL is there and refuses writes, as a standby after a failover or a server at its
/// disk limit does.
@Suite(.enabled(if: ScriptedWorker.isPossible), .timeLimit(.minutes(2)))
struct DatabaseOutageTests {
    @Test func aResultThatMeetsAReadOnlyDatabaseIsKeptAndWrittenAfterwards() async throws {
        try await ScriptedWorker.withSystem { database, storage in
            let isRunning = Bell(), mayEnd = Bell()
            let worker = try ScriptedWorker(database, storage: storage) { job in
                if job.record.tenant == "ward" {
                    isRunning.ring()
                    await mayEnd.wait(atMost: .seconds(60))
                }
                return Completion(facts: [try .rehearsed()], summary: "done")
            }
            let mine = JobRequest(kind: Rehearsal.kind, tenant: "ward"),
                others = (1...5).map { _ in JobRequest(kind: Rehearsal.kind, tenant: "clinic") }
            _ = try await worker.store.enqueue([mine] + others)
            #expect(await isRunning.wait(atMost: .seconds(60)), "the ward's job was not started")

            try await database.setReadOnly(true)
            mayEnd.ring()
            await worker.log.wait(for: "the attempt's end is not written yet; it is kept", count: 3)
            #expect(worker.log.lines.contains { $0.contains("25006") })
            try await database.setReadOnly(false)

            await worker.log.wait(for: "debug job succeeded", count: 6)
            await worker.stop()
            for request in [mine] + others {
                let job = try #require(try await worker.store.job(request.id))
                #expect(job.state == .succeeded)
                #expect(job.attempt == 1)
                #expect(try await worker.store.attempts(of: request.id).map(\.outcome) == ["succeeded"])
            }
            let effects = try await database.pool.run(
                Statement("effects", "SELECT count(*) AS n FROM columna.rehearsal_effects")())
            #expect(try effects[0].integer("n") == 6)
        }
    }

    @Test func anEndThatIsRefusedForWhatItSaysFailsTheAttemptWithThatReason() async throws {
        try await ScriptedWorker.withSystem { database, storage in
            // U+0000, which no text of PostgreSQL's may hold (SQLSTATE 22021).
            let worker = try ScriptedWorker(database, storage: storage) { job in
                if job.record.tenant == "ward" {
                    throw JobFailure(class: .data, code: "odd", reason: "a \u{0} in a reason")
                }
                return Completion(outputs: [
                    ArtifactReference(role: "a", address: .repeating("a"), byteCount: -1, mediaType: "x/y")
                ])
            }
            let jobs = ["ward", "clinic"].map { JobRequest(kind: Rehearsal.kind, tenant: $0) }
            _ = try await worker.store.enqueue(jobs)
            await worker.log.wait(for: "attempt failed", count: 2)
            await worker.stop()
            #expect(try await worker.store.job(jobs[0].id)?.failure?.code == "end-refused")
            #expect(try await worker.store.job(jobs[1].id)?.failure?.code == "invalid-artifact")
        }
    }
}

extension TemporaryDatabase {
    /// New sessions may write or not; those that there are end, as at a failover.
    func setReadOnly(_ isReadOnly: Bool) async throws {
        let connection = PostgresConnection(settings)
        try await connection.runScript("SET default_transaction_read_only = off", name: "open_to_writes")
        let change =
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = \(isReadOnly ? "on" : "off")', current_database()); END $$"
        try await connection.runScript(change, name: "set_read_only")
        if isReadOnly {
            let others =
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            try await connection.runScript(others, name: "end_sessions")
        }
        await connection.close()
    }
}
