import Foundation
import JobEngine
import Persistence
import Registry
import Studies
import TestSupport
import Testing

/// What many workers do at the same time, each over its own connection.
@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct ConcurrencyTests {
    private static let workers = 8

    @Test func eightWorkersClaimTwoHundredJobsEachOnce() async throws {
        try await TemporaryDatabase.with(connections: Self.workers) { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let requests = (0..<200).map { _ in JobRequest(kind: Rehearsal.kind, tenant: "clinic") }
            _ = try await store.enqueue(requests)
            let claimed = try await byAllWorkers { worker in
                var mine: [JobID] = []
                while true {
                    let jobs = try await store.claimAvailableJobs(claim("w\(worker)", limit: 3))
                    if jobs.isEmpty { return mine }
                    mine += jobs.map(\.record.id)
                }
            }
            #expect(claimed.count == 200)
            #expect(Set(claimed) == Set(requests.map(\.id)))
        }
    }

    /// Claims do not wait for the disk, so a crash can take the sequence back to before a claim whose worker still
    /// runs.
    @Test func aNumberGivenOutTwiceIsNotTheSameToken() async throws {
        try await TemporaryDatabase.with(connections: 1) { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            _ = try await store.enqueue([JobRequest(kind: Rehearsal.kind, tenant: "clinic")])
            var tokens: [Int64] = []
            for _ in 0..<2 {
                _ = try await database.pool.run(
                    Statement("rewind_tokens", "SELECT setval('columna.fencing_tokens', 1)")())
                let job = try await store.claimAvailableJobs(claim("w", limit: 1))[0]
                tokens.append(job.token)
                _ = try await store.handBackJobIfRunning(job.record.id, token: job.token)
            }
            #expect(tokens[0] != tokens[1])
        }
    }

    @Test func aStaleCompletionHarmsNoneThatShareItsTransaction() async throws {
        try await TemporaryDatabase.with(connections: Self.workers) { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            _ = try await store.enqueue((0..<40).map { _ in JobRequest(kind: Rehearsal.kind, tenant: "clinic") })
            let claimed = try await store.claimAvailableJobs(claim("w", limit: 40))
            let stale = claimed[7].record.id
            let written = try await withThrowingTaskGroup(of: (JobID, Bool).self) { group in
                for job in claimed {
                    let token = job.record.id == stale ? job.token + 1000 : job.token
                    group.addTask {
                        let completion = Completion(facts: [try .rehearsed()])
                        return (
                            job.record.id,
                            try await store.completeJobIfRunning(job.record.id, token: token, completion: completion)
                        )
                    }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(written.filter { !$0.value }.map(\.key) == [stale])
            for job in claimed {
                #expect(try await store.job(job.record.id)?.state == (job.record.id == stale ? .running : .succeeded))
            }
        }
    }

    @Test func aCapHoldsAgainstWorkersThatClaimAtOnce() async throws {
        try await TemporaryDatabase.with(connections: Self.workers) { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            try await store.setRunningLimit(3, tenant: "greedy", actor: "tester")
            _ = try await store.enqueue((0..<50).map { _ in JobRequest(kind: Rehearsal.kind, tenant: "greedy") })
            let claimed = try await byAllWorkers { worker in
                try await store.claimAvailableJobs(claim("w\(worker)", limit: 2)).map(\.record.id)
            }
            #expect(claimed.count == 3)
        }
    }

    /// Its backlog is not looked at, so there is nothing to wait for.
    @Test func aTenantAtItsCapKeepsNobodyWaiting() async throws {
        try await TemporaryDatabase.with(connections: Self.workers) { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            try await store.setRunningLimit(1, tenant: "greedy", actor: "tester")
            _ = try await store.enqueue((0..<3).map { _ in JobRequest(kind: Rehearsal.kind, tenant: "greedy") })
            #expect(try await store.claimAvailableJobs(claim("w", limit: 2)).count == 1)
            _ = try await store.enqueue([JobRequest(kind: Rehearsal.kind, tenant: "modest")])
            let lock = Statement("hold_claims", "SELECT pg_advisory_xact_lock(20250001, hashtext('evaluation'))")
            try await database.pool.transaction(first: [lock()]) { _, _ async throws in
                #expect(try await store.claimAvailableJobs(claim("w", limit: 2)).map(\.record.tenant) == ["modest"])
            }
        }
    }

    /// Jobs end and are claimed by all workers at once; at no moment do more run than the cap lets.
    @Test func aCapHoldsWhileJobsEnd() async throws {
        try await TemporaryDatabase.with(connections: Self.workers) { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            try await store.setRunningLimit(3, tenant: "greedy", actor: "tester")
            _ = try await store.enqueue(
                (0..<120).map {
                    JobRequest(kind: $0 % 2 == 0 ? Rehearsal.kind : EvaluateSegmentation.kind, tenant: "greedy")
                })
            let running = Statement("running", "SELECT count(*) AS n FROM columna.jobs WHERE state = 'running'")
            let most = try await byAllWorkers { worker in
                var most = 0
                for _ in 0..<40 {
                    let claimed = try await store.claimAvailableJobs(claim("w\(worker)", limit: 2))
                    most = max(most, try await database.pool.run(running())[0].integer("n"))
                    for job in claimed {
                        _ = try await store.completeJobIfRunning(
                            job.record.id, token: job.token, completion: Completion())
                    }
                }
                return [most]
            }
            #expect(most.max() ?? 0 <= 3)
            #expect(try await store.jobs(JobFilter(states: [.succeeded], limit: 1000)).count > 3)
        }
    }

    @Test func tenThousandRepeatsFromManyConnectionsAreOneJob() async throws {
        try await TemporaryDatabase.with(connections: Self.workers) { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let ids = try await byAllWorkers { _ in
                var ids: Set<JobID> = []
                for _ in 0..<(10_000 / Self.workers / 50) {
                    let requests = (0..<50).map { _ in
                        JobRequest(kind: IngestStudy.kind, tenant: "clinic", deduplicationKey: "study")
                    }
                    ids.formUnion(try await store.enqueue(requests).map(\.id))
                }
                return Array(ids)
            }
            #expect(Set(ids).count == 1)
            #expect(try await store.jobs(JobFilter()).count == 1)
        }
    }

    @Test func ofManyWhoWantTheOnlyJobsOfAKindOneHasThem() async throws {
        try await TemporaryDatabase.with(connections: Self.workers) { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let open = try await byAllWorkers { _ in
                let requests = (0..<20).map { _ in JobRequest(kind: Rehearsal.kind, tenant: "clinic") }
                return [try await store.enqueue(requests, unlessOpen: Rehearsal.kind, of: "clinic")]
            }
            #expect(open.sorted() == [0] + Array(repeating: 20, count: Self.workers - 1))
            #expect(try await store.jobs(JobFilter()).count == 20)
        }
    }

    @Test func parentsThatEndAtOnceReleaseTheirChild() async throws {
        try await TemporaryDatabase.with(connections: Self.workers) { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let parents = (0..<Self.workers).map { _ in JobRequest(kind: Rehearsal.kind, tenant: "clinic") }
            let child = JobRequest(kind: TrainModel.kind, tenant: "clinic", parents: parents.map(\.id))
            _ = try await store.enqueue(parents + [child])
            let claimed = try await store.claimAvailableJobs(claim("w", limit: parents.count))
            _ = try await byAllWorkers { worker in
                let job = claimed[worker]
                _ = try await store.completeJobIfRunning(job.record.id, token: job.token, completion: Completion())
                return [JobID]()
            }
            #expect(try await store.job(child.id)?.state == .queued)
        }
    }

    @Test func jobsOfAStudyThatEndAtOnceEndItOnce() async throws {
        try await TemporaryDatabase.with(connections: Self.workers) { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let study = Study(tenant: "clinic", pipeline: .segment, messageID: "m", replyTo: "hospital")
            let first = JobRequest(kind: Rehearsal.kind, tenant: "clinic")
            _ = try await PostgresStudies(pool: database.pool).submit(study, first: first)
            let others = (1..<Self.workers).map { _ in
                JobRequest(kind: Rehearsal.kind, tenant: "clinic", study: study.id)
            }
            _ = try await store.enqueue(others)
            let claimed = try await store.claimAvailableJobs(claim("w", limit: Self.workers))
            _ = try await byAllWorkers { worker in
                let job = claimed[worker]
                _ = try await store.completeJobIfRunning(job.record.id, token: job.token, completion: Completion())
                return [JobID]()
            }
            let replies = try await database.pool.run(
                Statement("replies", "SELECT id FROM columna.replies WHERE type = 'columna.study.succeeded'")())
            #expect(replies.count == 1)
        }
    }

    @Test func trainingJobsNumberTheirVersionsWithoutGaps() async throws {
        try await TemporaryDatabase.with(connections: Self.workers) { database async throws in
            let catalog = PostgresCatalog(pool: database.pool)
            let weights = ArtifactReference(
                role: ArtifactKind.weights.role, address: .repeating("a"), byteCount: 1,
                mediaType: "a/b")
            let draft = ModelVersionDraft(
                name: "spine", weights: weights, planJSON: "{}", recipeJSON: "{}", dataSet: nil, validationDice: nil)
            let versions = try await byAllWorkers { _ in [try await catalog.registerModel(draft, actor: "tester")] }
            #expect(versions.sorted() == Array(1...Self.workers))
        }
    }

    @Test func oneOfManySweepersSweeps() async throws {
        try await TemporaryDatabase.with(connections: Self.workers) { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            let sweeps = try await byAllWorkers { _ in [try await store.sweep(everySeconds: 3600)] }
            #expect(sweeps.count { $0 != nil } == 1)
        }
    }

    private func claim(_ worker: String, limit: Int) -> ClaimRequest {
        ClaimRequest(stage: .evaluation, worker: worker, limit: limit)
    }

    private func byAllWorkers<Element: Sendable>(_ body: @escaping @Sendable (Int) async throws -> [Element])
        async throws -> [Element]
    {
        try await withThrowingTaskGroup(of: [Element].self) { group in
            for worker in 0..<Self.workers { group.addTask { try await body(worker) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }
}
