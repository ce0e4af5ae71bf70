package import JobEngine

extension JobStore {
    /// Sweeps, due or not.
    package func sweep() async throws -> SweepReport? { try await sweep(everySeconds: 0, overdueBySeconds: 0) }
}
