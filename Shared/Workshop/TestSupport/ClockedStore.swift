package import Foundation
package import JobEngine

/// A store under test, and the clock that it goes by: the checks own time.
package struct ClockedStore: Sendable {
    /// The store at the time last set.
    package let jobs: any JobStore
    private let setClock: @Sendable (Date) async throws -> Void

    package init(_ jobs: any JobStore, setClock: @escaping @Sendable (Date) async throws -> Void) {
        self.jobs = jobs
        self.setClock = setClock
    }

    /// The store, so many seconds after `JobStoreConformance.dawn`.
    package func at(_ seconds: Double) async throws -> any JobStore {
        try await setClock(JobStoreConformance.time(seconds))
        return jobs
    }
}
