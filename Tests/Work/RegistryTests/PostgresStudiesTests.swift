import Faults
import JobEngine
import Persistence
import Registry
import Studies
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct PostgresStudiesTests {
    @Test(arguments: JobStoreConformance.studies)
    func keepsBooks(_ check: ConformanceCheck) async throws {
        try await TemporaryDatabase.with { database async throws in
            let policy = RetryPolicy { JobStoreConformance.chance }
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies, policy: policy)
            try await check.run(
                ClockedStore(store, studies: PostgresStudies(pool: database.pool)) { try await database.setClock($0) })
        }
    }

    @Test func aFactOfAnUnknownKindIsRefusedByName() async throws {
        try await TemporaryDatabase.with { database async throws in
            let store = PostgresJobStore(pool: database.pool, bookkeeping: .studies)
            _ = try await store.enqueue([JobRequest(kind: Rehearsal.kind, tenant: "clinic")])
            let job = try #require(
                try await store.claimAvailableJobs(ClaimRequest(stage: .evaluation, worker: "w")).first)
            let completion = Completion(facts: [try Fact("jobs; DROP TABLE columna.jobs", ["a": 1])])
            let error = await #expect(throws: JobStoreError.self) {
                try await store.completeJobIfRunning(job.record.id, token: job.token, completion: completion)
            }
            #expect(error?.code == .unknownFact)
            #expect(try await store.job(job.record.id)?.state == .running)
        }
    }
}
