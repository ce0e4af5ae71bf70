import Console
import JobEngine
import Operations
import Persistence
import Registry
import Studies

enum HeldLookup {
    static func waiting(_ id: JobID, _ deliveries: PostgresHeldDeliveries) async throws -> HeldDeliveryRecord {
        guard let one = try await deliveries.heldDelivery(id) else {
            throw CommandFailure(.failed, "no delivery \(id) was held; see `columna deliveries list`")
        }
        guard let decision = one.decision else { return one }
        throw CommandFailure(.failed, "delivery \(id) was \(decision.rawValue) already, by \(one.decidedBy ?? "-")")
    }

    static func notWaiting(_ id: JobID) -> CommandFailure {
        CommandFailure(.failed, "delivery \(id) does not wait any more: somebody has decided about it meanwhile")
    }
}
