import Faults
package import JobEngine
import Studies

extension SystemConnection {
    /// Has the ingestion workers read all stored objects again, in parts that replicas share, behind all other work.
    ///
    /// - Throws: `OperationError` (`refused`) while an earlier verification goes on: two would only wait for the same disks.
    package func orderVerification() async throws -> [JobID] {
        let open = JobFilter(
            states: [.waiting, .queued, .running], stage: VerifyObjects.kind.stage, tenant: Self.housekeeping,
            limit: VerifyObjects.parts.count)
        let earlier = try await store.jobs(open).count { $0.kind == VerifyObjects.kind }
        guard earlier == 0 else {
            throw OperationError(
                .refused,
                "a verification of the store is under way, \(earlier) of its \(VerifyObjects.parts.count) jobs are open: see `columna jobs list --tenant \(Self.housekeeping)`"
            )
        }
        let requests = try VerifyObjects.parts.map { try JobRequest($0, tenant: Self.housekeeping, priority: .bulk) }
        return try await store.enqueue(requests).map(\.id)
    }

    /// Whose jobs they are that serve the system itself.
    package static let housekeeping: Tenant = "columna"
}
