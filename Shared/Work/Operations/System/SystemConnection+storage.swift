import Faults
package import JobEngine
import Studies

extension SystemConnection {
    /// Has the ingestion workers read all stored objects again, in parts that replicas share, behind all other work.
    ///
    /// - Throws: `OperationError` (`refused`) while an earlier verification goes on: two would only wait for the same disks.
    package func orderVerification() async throws -> [JobID] {
        let requests = try VerifyObjects.parts.map { try JobRequest($0, tenant: Self.housekeeping, priority: .bulk) }
        let earlier = try await store.enqueue(requests, unlessOpen: VerifyObjects.kind, of: Self.housekeeping)
        guard earlier == 0 else {
            throw OperationError(
                .refused,
                "a verification of the store is under way, \(earlier) of its \(VerifyObjects.parts.count) jobs are open: see `columna jobs list --tenant \(Self.housekeeping)`"
            )
        }
        return requests.map(\.id)
    }

    /// Whose jobs they are that serve the system itself.
    package static let housekeeping: Tenant = "columna"
}
