import Foundation
import JobEngine
import Persistence
import Registry
import Studies
import TestSupport
import Testing

/// The trigger `jobs_guard_transition` and the CHECKs against `JobState.successors`.
@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct TransitionTests {
    struct Pair: Sendable, CustomStringConvertible {
        var from: JobState
        var to: JobState
        var description: String { "\(from) → \(to)" }
    }

    @Test func theDatabaseAcceptsExactlyTheTransitionsOfTheDrawing() async throws {
        try await TemporaryDatabase.with { database async throws in
            for from in JobState.allCases {
                for to in JobState.allCases {
                    // Remaining in a state is no transition.
                    let isDrawn = from == to || from.successors.contains(to)
                    #expect(try await accepts(Pair(from: from, to: to), database.pool) == isDrawn, "\(from) → \(to)")
                }
            }
        }
    }

    @Test(arguments: [
        (
            "a running job without a lease", "UPDATE columna.jobs SET lease_until = NULL",
            "jobs_leased_exactly_while_running"
        ),
        ("a running job without a token", "UPDATE columna.jobs SET token = NULL", "jobs_leased_exactly_while_running"),
        (
            "a finished job that keeps its worker", "UPDATE columna.jobs SET state = 'succeeded', finished_at = now()",
            "jobs_leased_exactly_while_running"
        ),
        (
            "an unfinished job with an end", "UPDATE columna.jobs SET finished_at = now()",
            "jobs_finished_exactly_when_ended"
        ),
        (
            "a dead job without a reason",
            "UPDATE columna.jobs SET state = 'dead', finished_at = now(), worker = NULL, token = NULL, lease_until = NULL",
            "jobs_dead_for_a_reason"
        ),
        ("progress beyond the end", "UPDATE columna.jobs SET progress = 1.5", "jobs_progress_is_a_fraction"),
    ])
    func theDatabaseRefuses(_ what: String, sql: String, constraint: String) async throws {
        try await TemporaryDatabase.with { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            _ = try await store.enqueue([JobRequest(kind: Rehearsal.kind, tenant: "clinic")])
            _ = try await store.claimAvailableJobs(ClaimRequest(stage: .evaluation, worker: "w"))
            let error = await #expect(throws: PostgresError.self) {
                _ = try await database.pool.run(Statement("break", sql)())
            }
            #expect(error?.constraint == constraint)
        }
    }

    @Test(arguments: [JobState.running, .succeeded, .cancelled])
    func aJobCannotBeginAs(_ state: JobState) async throws {
        try await TemporaryDatabase.with { database async throws in
            let error = await #expect(throws: PostgresError.self) { _ = try await insert(state, database.pool) }
            #expect(error?.sqlState == "CL002")
        }
    }

    private func accepts(_ pair: Pair, _ pool: PostgresPool) async throws -> Bool {
        let id = try await insert(.queued, pool)
        for state in path(to: pair.from) { try await move(id, to: state, pool) }
        do {
            try await move(id, to: pair.to, pool)
            return true
        } catch let error as PostgresError where error.sqlState == "CL002" {
            return false
        }
    }

    /// From `queued`.
    private func path(to state: JobState) -> [JobState] {
        switch state {
        case .queued, .unknown: []
        case .waiting, .running, .cancelled: [state]
        case .succeeded, .dead: [.running, state]
        }
    }

    private func insert(_ state: JobState, _ pool: PostgresPool) async throws -> UUID {
        let id = UUID()
        let sql = """
            INSERT INTO columna.jobs (id, kind, stage, tenant, priority, state, parameters, created_at, changed_at, queued_at, claim_order, rung_at)
            VALUES ($1, 'rehearsal', 'evaluation', 'clinic', 'routine', $2::text::columna.job_state, '{}', now(), now(), now(), now(), now())
            """
        _ = try await pool.run(Statement("insert_job", sql)(.uuid(id), .text(state.rawValue)))
        return id
    }

    /// With whatever else the CHECKs demand of the state.
    private func move(_ id: UUID, to state: JobState, _ pool: PostgresPool) async throws {
        let sql = """
            UPDATE columna.jobs
            SET
                state = $2::text::columna.job_state,
                worker = CASE WHEN $2 = 'running' THEN 'w' END,
                token = CASE WHEN $2 = 'running' THEN 1 END,
                lease_until = CASE WHEN $2 = 'running' THEN now() END,
                started_at = now(),
                finished_at = CASE WHEN $2 IN ('succeeded', 'dead', 'cancelled') THEN now() END,
                failure_class = 'data',
                failure_code = 'c',
                failure_reason = 'r'
            WHERE id = $1
            """
        _ = try await pool.run(Statement("move_job", sql)(.uuid(id), .text(state.rawValue)))
    }
}
