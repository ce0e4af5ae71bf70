import Foundation
import JobEngine
import Persistence
import Registry
import Studies
import TestSupport
import Testing

/// What a newer program has written, under workers of this one: during an upgrade, and after it was rolled back.
@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct NewerProgramTests {
    private static let kind = "transcribe-report"

    /// A database in which a newer program has a kind, a priority and a state more.
    private static func withNewerWords(_ body: (TemporaryDatabase, PostgresJobStore) async throws -> Void) async throws
    {
        try await TemporaryDatabase.with { database async throws in
            let words = [
                "columna.priority ADD VALUE 'someday'", "columna.job_state ADD VALUE 'held'",
                "columna.failure_class ADD VALUE 'dependency'",
            ]
            for word in words { try await database.runScript("ALTER TYPE \(word)") }
            try await body(database, PostgresJobStore(pool: database.pool, bookkeeping: .studies))
        }
    }

    /// Its job, in the stage of evaluation, older than all others.
    private static func insert(_ state: JobState, into database: TemporaryDatabase) async throws -> JobID {
        let job = JobID()
        let lease =
            state == .running
            ? "'newer', 1, now() - interval '1 minute', now() - interval '1 hour'" : "NULL, NULL, NULL, NULL"
        try await database.runScript(
            """
            ALTER TABLE columna.jobs DISABLE TRIGGER jobs_guard_beginning;
            INSERT INTO columna.jobs (
                id, kind, stage, tenant, priority, state, parameters, created_at, changed_at, queued_at, claim_order, rung_at, run_at,
                failure_class, failure_code, failure_reason, worker, token, lease_until, started_at)
            VALUES (
                '\(job)', '\(kind)', 'evaluation', 'clinic', 'someday', '\(state.rawValue)', '{}', now(), now(), now(), now() - interval '1 day',
                now(), CASE WHEN '\(state.rawValue)' = 'waiting' THEN now() - interval '1 minute' END, 'dependency', 'c', 'r', \(lease));
            """)
        return job
    }

    @Test func itsKindsAreLeftToItAndTheOthersAreClaimed() async throws {
        try await Self.withNewerWords { database, store in
            let newer = try await Self.insert(.queued, into: database)
            let mine = (0..<3).map { _ in JobRequest(kind: Rehearsal.kind, tenant: "clinic") }
            _ = try await store.enqueue(mine)
            let claimed = try await store.claimAvailableJobs(ClaimRequest(stage: .evaluation, worker: "old", limit: 4))
            #expect(Set(claimed.map(\.record.id)) == Set(mine.map(\.id)))
            #expect(
                try await store.claimAvailableJobs(ClaimRequest(stage: .evaluation, worker: "old", limit: 4)).isEmpty)
            #expect(try await store.job(newer)?.state == .queued)
            for job in claimed {
                #expect(try await store.completeJobIfRunning(job.record.id, token: job.token, completion: Completion()))
            }
        }
    }

    @Test func leasesEndAndRetriesGoOnAmongItsJobs() async throws {
        try await Self.withNewerWords { database, store in
            let running = try await Self.insert(.running, into: database),
                waiting = try await Self.insert(.waiting, into: database)
            let mine = JobRequest(kind: Rehearsal.kind, tenant: "clinic"),
                later = JobRequest(kind: Rehearsal.kind, tenant: "clinic", runAt: Date() + 3600)
            _ = try await store.enqueue([mine, later])
            _ = try await store.claimAvailableJobs(ClaimRequest(stage: .evaluation, worker: "old", leaseInSeconds: 60))
            try await database.setClock(Date() + 7200)
            let report = try #require(try await store.sweep())
            #expect(report.failures.isEmpty)
            #expect(report.expiredLeases == 2)
            #expect(try await store.job(running)?.state == .waiting)
            #expect(try await store.job(mine.id)?.state == .waiting)
            #expect(try await store.job(waiting)?.state == .queued)
            #expect(try await store.job(later.id)?.state == .queued)
        }
    }

    @Test func itsJobsAreListedShownAndCancelled() async throws {
        try await Self.withNewerWords { database, store in
            let jobs = [
                try await Self.insert(.queued, into: database), try await Self.insert(.unknown("held"), into: database),
            ]
            #expect(Set(try await store.jobs(JobFilter()).map(\.id)) == Set(jobs))
            let job = try #require(try await store.job(jobs[0]))
            #expect(job.kind.rawValue == Self.kind)
            #expect(job.priority == .unknown("someday"))
            #expect(job.stage == .evaluation)
            #expect(job.failure?.class == .unknown("dependency"))
            #expect(try await store.job(jobs[1])?.state == .unknown("held"))
            #expect(try await store.cancelJob(jobs[0], actor: "tester") == .cancelled)
            #expect(try await store.cancelJob(jobs[1], actor: "tester") == .unknown("held"))
        }
    }

    @Test func aRowThatCannotBeReadHidesNoOther() async throws {
        try await Self.withNewerWords { database, store in
            let requests = (0..<3).map { _ in JobRequest(kind: Rehearsal.kind, tenant: "clinic") }
            _ = try await store.enqueue(requests)
            try await database.runScript(
                """
                ALTER TABLE columna.jobs ALTER progress_note DROP NOT NULL;
                UPDATE columna.jobs SET progress_note = NULL WHERE id = '\(requests[1].id)';
                """)
            #expect(Set(try await store.jobs(JobFilter()).map(\.id)) == [requests[0].id, requests[2].id])
            let claimed = try await store.claimAvailableJobs(
                ClaimRequest(stage: .evaluation, worker: "old", limit: 3, leaseInSeconds: 60))
            #expect(Set(claimed.map(\.record.id)) == [requests[0].id, requests[2].id])
            try await database.setClock(Date() + 3600)
            let report = try #require(try await store.sweep())
            #expect(report.expiredLeases == 2)
        }
    }

    /// A database that refuses the end of one job, and every cancellation.
    @Test func aStepOfTheSweepThatFailsStopsNoOther() async throws {
        try await Self.withNewerWords { database, store in
            let requests = (0..<3).map { _ in JobRequest(kind: Rehearsal.kind, tenant: "clinic") }
            _ = try await store.enqueue(requests)
            #expect(
                try await store.claimAvailableJobs(
                    ClaimRequest(stage: .evaluation, worker: "w", limit: 3, leaseInSeconds: 60)
                ).count == 3)
            let parent = JobRequest(kind: TrainModel.kind, tenant: "clinic")
            let later = JobRequest(kind: Rehearsal.kind, tenant: "clinic", runAt: Date() + 1800)
            _ = try await store.enqueue([
                parent, JobRequest(kind: Rehearsal.kind, tenant: "clinic", parents: [parent.id]), later,
            ])
            _ = try await store.cancelJob(parent.id, actor: "tester")
            try await database.runScript(
                """
                CREATE FUNCTION columna.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = 'integrity_constraint_violation'; END $$;
                CREATE TRIGGER refuse_one BEFORE UPDATE ON columna.jobs FOR EACH ROW
                    WHEN (OLD.id = '\(requests[1].id)' OR NEW.state = 'cancelled') EXECUTE FUNCTION columna.refuse();
                """)
            try await database.setClock(Date() + 3600)
            let report = try #require(try await store.sweep())
            #expect(report.expiredLeases == 2)
            #expect(report.releasedRetries == 1)
            #expect(Set(report.failures.map(\.step)) == [.expireLeases, .cancelOrphans])
            #expect(report.failures.contains { $0.reason.contains("\(requests[1].id)") })
            #expect(try await store.job(later.id)?.state == .queued)
        }
    }
}
