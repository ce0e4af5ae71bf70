import JobEngine
import TestSupport
import Testing

struct InMemoryJobStoreTests {
    @Test(arguments: JobStoreConformance.all)
    func conforms(_ check: ConformanceCheck) async throws {
        let clock = SettableClock(JobStoreConformance.dawn)
        let store = InMemoryJobStore(policy: RetryPolicy { JobStoreConformance.chance }) { clock.now }
        try await check.run(ClockedStore(store) { clock.set($0) })
    }
}
