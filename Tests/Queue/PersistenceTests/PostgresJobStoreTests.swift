import JobEngine
import Persistence
import Registry
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct PostgresJobStoreTests {
    @Test(arguments: JobStoreConformance.all)
    func conforms(_ check: ConformanceCheck) async throws {
        try await TemporaryDatabase.with { database async throws in
            let store = PostgresJobStore(
                pool: database.pool, bookkeeping: .studies, policy: RetryPolicy { JobStoreConformance.chance })
            try await check.run(ClockedStore(store) { try await database.setClock($0) })
        }
    }
}
