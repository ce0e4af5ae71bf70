import Foundation
package import JobEngine

/// Reads `JobStatements.columns`.
extension PostgresRow {
    func jobRecord(_ bookkeeping: Bookkeeping) throws -> JobRecord {
        JobRecord(
            id: try id("id"), kind: bookkeeping.kind(try string("kind"), of: try value("stage")),
            tenant: try value("tenant"),
            priority: try value("priority"),
            state: try value("state"), deduplicationKey: try optionalString("deduplication_key"),
            parameters: try string("parameters"),
            study: try optionalID("study"), attempt: try integer("attempt"), crashes: try integer("crashes"),
            isPaused: try boolean("is_paused"), cancellationRequested: try boolean("cancellation_requested"),
            worker: try optionalString("worker"), token: try optionalInteger("token").map(Int64.init),
            leaseUntil: try optionalDate("lease_until"), progress: try double("progress"),
            progressNote: try string("progress_note"),
            failure: try failure(), createdAt: try date("created_at"), queuedAt: try optionalDate("queued_at"),
            runAt: try optionalDate("run_at"), startedAt: try optionalDate("started_at"),
            finishedAt: try optionalDate("finished_at"), finishRequested: try boolean("finish_requested"))
    }

    func failureCounts() throws -> FailureCounts {
        FailureCounts(
            transient: FailureRow(count: try integer("transient_failures"), since: try optionalDate("transient_since")),
            resource: FailureRow(count: try integer("resource_failures"), since: try optionalDate("resource_since")),
            defect: FailureRow(count: try integer("defect_failures"), since: try optionalDate("defect_since")),
            crash: FailureRow(count: try integer("crashes"), since: try optionalDate("crash_since")))
    }

    /// Of a job or an attempt; nil where there was none.
    func failure() throws -> JobFailure? {
        guard let code = try optionalString("failure_code") else { return nil }
        return JobFailure(class: try value("failure_class"), code: code, reason: try string("failure_reason"))
    }

    package func artifactReference() throws -> ArtifactReference {
        ArtifactReference(
            role: try string("role"), address: try value("address"), byteCount: try integer("byte_count"),
            mediaType: try string("media_type"))
    }
}

/// The artifacts that a claim brings along, as its SQL aggregates them.
struct ClaimedArtifact: Decodable {
    let direction: String
    let role: String
    let address: ContentAddress
    let byteCount: Int
    let mediaType: String

    var reference: ArtifactReference {
        ArtifactReference(role: role, address: address, byteCount: byteCount, mediaType: mediaType)
    }
}
