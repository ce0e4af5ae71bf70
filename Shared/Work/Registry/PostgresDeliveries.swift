package import Persistence
package import Studies

/// The ledger of deliveries in PostgreSQL.
package final class PostgresDeliveries: DeliveryLedger {
    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    package func begin(_ delivery: ResultDelivery) async throws -> DeliveryState {
        let row = try await pool.run(
            Self.begin(
                .text(delivery.destination), .text(delivery.object.keyed), .text(delivery.object.former),
                .text(delivery.tenant), .uuid(delivery.study), .text(delivery.address), .integer(delivery.byteCount)))[
                0]
        if try row.boolean("is_new") { return .new }
        return try row.boolean("is_stored") ? .stored : .begun
    }

    package func markStored(_ delivery: ResultDelivery) async throws {
        _ = try await pool.run(Self.store(.text(delivery.destination), delivery.object.either))
    }

    /// Destination, the object's keyed name, its former one, tenant, study, address, byte count.
    private static let begin = Statement(
        "begin_keyed_delivery",
        """
        SELECT is_new, is_stored
        FROM columna.begin_delivery($1, $2, $3, $4, $5, $6, $7)
        """)

    /// Destination, both names of the object.
    private static let store = Statement(
        "store_delivery",
        """
        UPDATE columna.deliveries
        SET stored_at = columna.now()
        WHERE destination = $1 AND object_key = ANY($2) AND stored_at IS NULL
        """)
}
