package import Foundation
package import JobEngine
package import Registry

/// A store under test, and the clock that it goes by: the checks own time.
package struct ClockedStore: Sendable {
    /// The store at the time last set.
    package let jobs: any JobStore
    private let books: PostgresStudies?
    private let setClock: @Sendable (Date) async throws -> Void

    /// - Parameter studies: what takes studies in, where the store keeps books of them.
    package init(
        _ jobs: any JobStore, studies: PostgresStudies? = nil, setClock: @escaping @Sendable (Date) async throws -> Void
    ) {
        self.jobs = jobs
        books = studies
        self.setClock = setClock
    }

    /// The store, so many seconds after `JobStoreConformance.dawn`.
    package func at(_ seconds: Double) async throws -> any JobStore {
        try await setClock(JobStoreConformance.time(seconds))
        return jobs
    }

    /// The same for studies.
    func studies(at seconds: Double) async throws -> PostgresStudies {
        try await setClock(JobStoreConformance.time(seconds))
        return try require(books, "a store that keeps books of studies")
    }
}
