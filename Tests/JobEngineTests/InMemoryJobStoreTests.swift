import JobEngine
import TestSupport
import Testing

struct InMemoryJobStoreTests {
    @Test(arguments: JobStoreConformance.all)
    func conforms(_ check: ConformanceCheck) async throws {
        try await check.run(InMemoryJobStore(policy: RetryPolicy { JobStoreConformance.chance }))
    }
}
