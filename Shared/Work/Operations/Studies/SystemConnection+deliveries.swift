package import Documents
import Faults
import Foundation
package import JobEngine
import Registry
package import Studies

extension SystemConnection {
    private var deliveries: PostgresHeldDeliveries { PostgresHeldDeliveries(pool: pool) }

    /// Results that were held back from archives, newest first.
    ///
    /// - Parameter waiting: false: those too that somebody has decided about.
    package func heldDeliveries(tenant: Tenant?, waiting: Bool, limit: Int) async throws -> [HeldDeliveryRecord] {
        try await deliveries.heldDeliveries(tenant: tenant, waiting: waiting, limit: limit)
    }

    /// Sends held results. All are looked at before one is released.
    ///
    /// - Parameter each: gets the held delivery and the job that delivers it, as soon as it is there.
    /// - Throws: `OperationError` (`missing`, `refused`) for one that does not wait, or whose model is not promoted.
    package func releaseDeliveries(_ ids: [JobID], each: (_ held: JobID, _ job: JobID) -> Void) async throws {
        for id in ids { try await requirePromoted(try await waitingDelivery(id)) }
        for id in ids {
            guard let job = try await deliveries.releaseHeldDelivery(id, actor: actor) else {
                throw Self.doesNotWait(id)
            }
            each(id, job)
        }
    }

    /// Gives held results up for good. All are looked at before one is discarded.
    ///
    /// - Parameter each: gets one that is discarded.
    /// - Throws: `OperationError` (`missing`, `refused`) for one that does not wait.
    package func discardDeliveries(_ ids: [JobID], each: (JobID) -> Void) async throws {
        for id in ids { _ = try await waitingDelivery(id) }
        for id in ids {
            guard try await deliveries.discardHeldDelivery(id, actor: actor) else { throw Self.doesNotWait(id) }
            each(id)
        }
    }

    private func requirePromoted(_ one: HeldDeliveryRecord) async throws {
        guard one.held.cause == .modelNotPromoted else { return }
        guard try await model(one.held.model).isPromoted else {
            throw OperationError(
                .refused,
                "\(one.held.model) is not promoted, so \(one.job) stays here: `columna models promote \(one.held.model)` first, if it may serve patients"
            )
        }
    }

    private func waitingDelivery(_ id: JobID) async throws -> HeldDeliveryRecord {
        guard let one = try await deliveries.heldDelivery(id) else {
            throw OperationError(.missing, "no delivery \(id) was held; see `columna deliveries list`")
        }
        guard let decision = one.decision else { return one }
        throw OperationError(.refused, "delivery \(id) was \(decision.rawValue) already, by \(one.decidedBy ?? "-")")
    }

    private static func doesNotWait(_ id: JobID) -> OperationError {
        OperationError(.refused, "delivery \(id) does not wait any more: somebody has decided about it meanwhile")
    }
}

extension HeldDeliveryRecord: Documented {
    package var document: JSONValue {
        [
            "job": JSONValue(job.description), "study": JSONValue(study), "tenant": JSONValue(tenant),
            "destination": JSONValue(held.destination), "model": JSONValue(held.model),
            "cause": JSONValue(held.cause.rawValue), "reasons": JSONValue(held.reasons.map { JSONValue($0) }),
            "held_at": JSONValue(heldAt), "decision": JSONValue(decision?.rawValue),
            "decided_by": JSONValue(decidedBy), "decided_at": JSONValue(decidedAt),
            "release_job": JSONValue(releaseJob?.description),
        ]
    }
}
