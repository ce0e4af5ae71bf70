import Foundation
package import Persistence
package import Studies

/// The ledger of deliveries in PostgreSQL.
package final class PostgresDeliveries: DeliveryLedger {
    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    package func begin(_ delivery: ResultDelivery) async throws -> DeliveryState {
        let rows = try await pool.run([
            Self.keepObject(.text(delivery.address), .integer(delivery.byteCount)),
            Self.insert(
                .text(delivery.destination), .text(delivery.objectKey), .text(delivery.tenant), .uuid(delivery.study),
                .text(delivery.address)),
            Self.find(.text(delivery.destination), .text(delivery.objectKey)),
        ])
        guard rows[1].isEmpty else { return .new }
        guard let row = rows[2].first else { return .new }
        return try row.optionalDate("stored_at") == nil ? .begun : .stored
    }

    package func markStored(destination: String, objectKey: String) async throws {
        _ = try await pool.run(Self.store(.text(destination), .text(objectKey)))
    }

    /// The job that made the object records it as its output when it ends; the ledger names it before.
    private static let keepObject = Statement(
        "keep_delivered_object",
        """
        INSERT INTO columna.artifacts (address, byte_count, media_type)
        VALUES ($1, $2, 'application/dicom')
        ON CONFLICT DO NOTHING
        """)

    private static let insert = Statement(
        "begin_delivery",
        """
        INSERT INTO columna.deliveries (destination, object_key, tenant, study, address, begun_at)
        VALUES ($1, $2, $3, $4, $5, columna.now())
        ON CONFLICT DO NOTHING
        RETURNING destination
        """)

    private static let find = Statement(
        "find_delivery",
        """
        SELECT stored_at
        FROM columna.deliveries
        WHERE destination = $1 AND object_key = $2
        """)

    private static let store = Statement(
        "store_delivery",
        """
        UPDATE columna.deliveries
        SET stored_at = columna.now()
        WHERE destination = $1 AND object_key = $2 AND stored_at IS NULL
        """)
}
