import Foundation
import JobEngine
import Persistence
import Registry
import Studies
import TestSupport
import Testing

/// What claims and sweeps touch, by their plans: the same with a long queue and many jobs that have ended.
@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct QueuePlanTests {
    private static let many = 20_000

    @Test func aClaimDoesNotWadeThroughTheBacklogOfATenantAtItsCap() async throws {
        try await Self.withManyJobs(.queued) { database, store in
            try await store.setRunningLimit(0, tenant: "many", actor: "tester")
            _ = try await store.enqueue([JobRequest(kind: EvaluateSegmentation.kind, tenant: "few")])
            let plan = try await Self.plan(
                of: PostgresJobStore.claimQueries(ClaimRequest(stage: .evaluation, worker: "w", limit: 4)), database)
            #expect(try plan.mostRowsOfJobs < 100, "\(plan)")
            #expect(plan.readsAllJobs == false, "\(plan)")
            #expect(
                try await store.claimAvailableJobs(ClaimRequest(stage: .evaluation, worker: "w", limit: 4)).map(
                    \.record.tenant) == ["few"])
        }
    }

    @Test func aClaimDoesNotWadeThroughJobsOfKindsThatItDoesNotKnow() async throws {
        try await Self.withManyJobs(.queued, kind: "transcribe-report") { database, store in
            _ = try await store.enqueue([JobRequest(kind: Rehearsal.kind, tenant: "few")])
            let plan = try await Self.plan(
                of: PostgresJobStore.claimQueries(ClaimRequest(stage: .evaluation, worker: "w", limit: 4)), database)
            #expect(try plan.mostRowsOfJobs < 100, "\(plan)")
            #expect(plan.readsAllJobs == false, "\(plan)")
        }
    }

    @Test func aClaimCostsTheSameFromALongQueue() async throws {
        try await Self.withManyJobs(.queued) { database, store in
            let plan = try await Self.plan(
                of: PostgresJobStore.claimQueries(ClaimRequest(stage: .evaluation, worker: "w", limit: 4)), database)
            #expect(try plan.mostRowsOfJobs < 100, "\(plan)")
            #expect(plan.readsAllJobs == false, "\(plan)")
        }
    }

    @Test func aSweepTouchesNoJobThatHasEnded() async throws {
        try await Self.withManyJobs(.succeeded) { database, store in
            _ = try await store.enqueue([
                JobRequest(kind: Rehearsal.kind, tenant: "few"),
                JobRequest(kind: Rehearsal.kind, tenant: "few", runAt: Date() + 60),
            ])
            for step in SweepStep.allCases {
                let plan = try await Self.plan(of: [PostgresJobStore.query(of: step)], database)
                #expect(try plan.mostRowsOfJobs < 100, "\(plan)")
                #expect(plan.readsAllJobs == false, "\(plan)")
            }
        }
    }

    /// The ringing reads the head of the queue only; what waited too long is at its head too.
    @Test func aSweepDoesNotWadeThroughALongQueue() async throws {
        try await Self.withManyJobs(.queued) { database, _ in
            for step in SweepStep.allCases {
                let plan = try await Self.plan(of: [PostgresJobStore.query(of: step)], database)
                #expect(try plan.mostRowsOfJobs <= SweepLimits.rungJobsPerStage, "\(plan)")
                #expect(plan.readsAllJobs == false, "\(plan)")
            }
        }
    }

    private struct Plan: CustomStringConvertible {
        var lines: [String] = []
        var description: String { lines.joined(separator: "\n") }

        /// Of the nodes that read `columna.jobs`, the most rows that one gave, over all its loops, those included that
        /// its filter threw away.
        ///
        /// - Throws: where none is found: every claim and step looks for jobs, so that the plan would have been
        ///   misread.
        var mostRowsOfJobs: Int {
            get throws {
                var counts: [Int] = []
                for (number, line) in lines.enumerated()
                where line.contains(/Scan .*on jobs/) || line.contains("Index Scan on jobs_") {
                    guard let match = line.firstMatch(of: /rows=(\d+) loops=(\d+)/), let rows = Int(match.1),
                        let loops = Int(match.2)
                    else { continue }
                    let removed = lines[(number + 1)...].prefix(4).compactMap {
                        $0.firstMatch(of: /Rows Removed by Filter: (\d+)/).flatMap { Int($0.1) }
                    }.first
                    counts.append((rows + (removed ?? 0)) * loops)
                }
                return try #require(counts.max(), "no scan of jobs in this plan:\n\(self)")
            }
        }

        var readsAllJobs: Bool { lines.contains { $0.contains("Seq Scan on jobs") } }
    }

    /// Of all queries together, which run and are undone.
    private static func plan(of queries: [Query], _ database: TemporaryDatabase) async throws -> Plan {
        struct Undo: Error { let plan: Plan }
        let explained = queries.map { query in
            let statement = Statement(
                "explain_" + query.statement.name,
                "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) " + query.statement.sql)
            return Query(statement: statement, parameters: query.parameters)
        }
        do {
            return try await database.pool.transaction { transaction, _ in
                let rows = try await transaction.run(explained)
                throw Undo(plan: Plan(lines: try rows.flatMap { try $0.map { try $0.string("QUERY PLAN") } }))
            }
        } catch let undo as Undo {
            return undo.plan
        }
    }

    private static func withManyJobs(
        _ state: JobState, kind: String = "rehearsal",
        _ body: (TemporaryDatabase, PostgresJobStore) async throws -> Void
    ) async throws {
        try await TemporaryDatabase.with { database async throws in
            try await database.runScript(
                """
                ALTER TABLE columna.jobs DISABLE TRIGGER USER;
                INSERT INTO columna.jobs (
                    id, kind, stage, tenant, priority, state, parameters, created_at, changed_at, queued_at, claim_order, rung_at, finished_at)
                SELECT
                    gen_random_uuid(), '\(kind)', 'evaluation', 'many', 'routine', '\(state.rawValue)', '{}', now(), now(), now(),
                    now() - interval '1 hour' + n * interval '1 ms', now(), CASE WHEN '\(state.rawValue)' = 'succeeded' THEN now() END
                FROM generate_series(1, \(many)) AS n;
                ALTER TABLE columna.jobs ENABLE TRIGGER USER;
                ANALYZE columna.jobs;
                """)
            try await body(database, PostgresJobStore(pool: database.pool, bookkeeping: .studies))
        }
    }
}
