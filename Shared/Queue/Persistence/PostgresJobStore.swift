import Faults
import Foundation
package import JobEngine
package import Logging
import Synchronization

/// The truth about jobs in PostgreSQL.
///
/// Each method is one transaction, most of them one round trip. Whatever names a fencing token raises CL001 in the
/// database when it is stale, which undoes the whole transaction.
package final class PostgresJobStore: JobStore {
    let pool: PostgresPool
    let bookkeeping: Bookkeeping
    let policy: RetryPolicy
    let patience: ReplyPatience
    let log: Logger
    /// Where the relay begins to look; see `drainOutbox`.
    let outboxMarks = Mutex<[OutboxLane: OutboxMark]>([:])
    /// Completions that wait for a transaction; see `completeJobIfRunning`.
    let completions = Mutex(CompletionQueue())

    /// - Parameters:
    ///   - bookkeeping: what the database keeps beside jobs; without it studies would never end.
    ///   - log: hears of rows that cannot be read; by default standard error does.
    package init(
        pool: PostgresPool, bookkeeping: Bookkeeping, policy: RetryPolicy = RetryPolicy(),
        patience: ReplyPatience = ReplyPatience(),
        log: Logger = Logger(label: "columna", factory: { StreamLogHandler.standardError(label: $0) })
    ) {
        self.patience = patience
        self.pool = pool
        self.bookkeeping = bookkeeping
        self.policy = policy
        self.log = log
    }

    /// Tells the database the limits of kinds that it knows none of; what operators set stays.
    package func declareKinds() async throws {
        let (names, limits) = (bookkeeping.kinds.map(\.rawValue), bookkeeping.kinds.map(\.limits))
        _ = try await pool.run(
            JobStatements.declareKinds(
                .texts(names), .doubles(limits.map(\.waitingInSeconds)), .doubles(limits.map(\.runningInSeconds)),
                .doubles(limits.map(\.noProgressInSeconds))))
    }

    /// Runs a batch that begins with a check of the fencing token. False: it was stale and nothing was written.
    func runIfLeaseIsHeld(_ queries: [Query]) async throws -> Bool {
        do {
            _ = try await pool.run(queries)
            return true
        } catch let error as PostgresError where error.isStaleToken {
            return false
        } catch let error as PostgresError {
            throw error.asJobStoreError
        }
    }
}

extension PostgresError {
    /// The request's fault, where a constraint says so.
    package var asJobStoreError: any Error {
        switch constraint {
        case "job_parents_parent_exists": JobStoreError(.unknownParent, "a parent of the requested job does not exist")
        case "jobs_study_fkey": JobStoreError(.unknownStudy, "the study of the requested job does not exist")
        case "artifacts_address_is_sha256", "artifacts_byte_count_not_negative":
            JobStoreError(
                .invalidArtifact, "an artifact's address must be sha256: and 64 hex digits, and its length not negative"
            )
        default:
            sqlState == "CL002"
                ? JobStoreError(.illegalTransition, "the database refused a transition that is not drawn") : self
        }
    }
}
