import Documents
import Foundation
package import JobEngine
package import Persistence
package import Studies

/// What operators see and decide about results that wait.
package struct PostgresHeldDeliveries: Sendable {
    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    /// Newest first. `tenant` nil: all; `waiting`: only those nobody has decided about.
    package func heldDeliveries(tenant: Tenant?, waiting: Bool, limit: Int) async throws -> [HeldDeliveryRecord] {
        try await pool.run(HeldDeliveryStatements.list(.text(tenant), .boolean(waiting), .integer(limit))).map {
            try $0.heldDelivery()
        }
    }

    package func heldDelivery(_ job: JobID) async throws -> HeldDeliveryRecord? {
        try await pool.run(HeldDeliveryStatements.lock(.uuid(job.uuid))).first?.heldDelivery()
    }

    /// Queues the delivery again, with an audit row; past its review only where that was why it waited. Nil: it does
    /// not wait.
    ///
    /// The study is open again until that job has ended, as after a replay: who asked for it hears once more, of the
    /// object that was sent or of its death.
    package func releaseHeldDelivery(_ job: JobID, actor: String) async throws -> JobID? {
        let store = PostgresJobStore(pool: pool, bookkeeping: .studies)
        guard let held = try await heldDelivery(job), let former = try await store.job(job) else { return nil }
        var delivery = try DeliverSegmentation(of: former)
        // Nobody has looked at what waited for a promotion: it may need review as well.
        if held.held.cause == .needsReview { delivery.isReleased = true }
        let request = try JobRequest(
            delivery, tenant: former.tenant, priority: former.priority, deduplicationKey: "\(job)/release",
            parents: await store.parents(of: job),
            inputs: await store.artifacts(of: job).filter(\.isInput).map(\.reference), study: former.study)
        // The decision and its job stand together or not at all.
        return try await pool.transaction(first: [HeldDeliveryStatements.lock(.uuid(job.uuid))]) { transaction, rows in
            guard let held = try rows[0].first?.heldDelivery(), held.decision == nil else { return nil }
            _ = try await transaction.run(PostgresJobStore.enqueueQueries([request], failure: nil))
            _ = try await transaction.run(
                HeldDeliveryStatements.decide(
                    .uuid(job.uuid), .text(HeldDeliveryRecord.Decision.released.rawValue), .text(actor),
                    .uuid(request.id.uuid)))
            _ = try await transaction.run(StudyStatements.reopenStudies(.uuids([job.uuid])))
            return request.id
        }
    }

    /// Gives it up, with an audit row. False: it does not wait.
    package func discardHeldDelivery(_ job: JobID, actor: String) async throws -> Bool {
        try await !pool.run(
            HeldDeliveryStatements.decide(
                .uuid(job.uuid), .text(HeldDeliveryRecord.Decision.discarded.rawValue), .text(actor), .uuid(nil))
        ).isEmpty
    }
}

extension PostgresRow {
    fileprivate func heldDelivery() throws -> HeldDeliveryRecord {
        HeldDeliveryRecord(
            job: try id("job"), study: try id("study"), tenant: try value("tenant"),
            held: HeldDelivery(
                destination: try string("destination"), model: try value("model_version"), cause: try value("cause"),
                reasons: try CanonicalJSON.decode([String].self, from: string("reasons"))),
            heldAt: try date("held_at"),
            decision: try optionalValue("decision"),
            decidedBy: try optionalString("decided_by"), decidedAt: try optionalDate("decided_at"),
            releaseJob: try optionalID("release_job"))
    }
}
