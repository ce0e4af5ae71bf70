package import Foundation
package import JobEngine

/// The store that belongs to this database, in `columna.store`.
package struct PostgresStoreRegistry: StoreRegistry {
    private let pool: PostgresPool

    package init(pool: PostgresPool) { self.pool = pool }

    package func registeredStore() async throws -> UUID? { try await pool.run(Self.find()).first?.uuid("id") }

    package func register(store: UUID, replacing: Bool, actor: String) async throws -> Bool {
        let rows = try await pool.run([Self.insert(.uuid(store), .boolean(replacing), .text(actor)), Self.find()])
        return try rows[1].first?.uuid("id") == store
    }

    package func newestAddresses(limit: Int) async throws -> [ContentAddress] {
        try await pool.run(Self.newest(.integer(limit))).map { try $0.value("address") }
    }

    private static let find = Statement(
        "find_store",
        """
        SELECT id
        FROM columna.store
        """)

    /// Store, replacing, actor.
    private static let insert = Statement(
        "register_store",
        """
        WITH store AS (
            INSERT INTO columna.store AS known (id)
            VALUES ($1)
            ON CONFLICT (is_only) DO UPDATE
            SET
                id = EXCLUDED.id,
                registered_at = columna.now()
            WHERE $2 AND known.id <> EXCLUDED.id
            RETURNING id
        )
        INSERT INTO columna.audit (happened_at, actor, action, subject)
        SELECT columna.now(), $3, 'register-store', store.id::text
        FROM store
        """)

    private static let newest = Statement(
        "newest_addresses",
        """
        (
            SELECT link.address
            FROM columna.jobs AS job
            JOIN columna.job_artifacts AS link ON link.job = job.id
            ORDER BY job.created_at DESC, job.id
            LIMIT $1
        )
        UNION ALL
        (
            SELECT address
            FROM columna.artifacts
            LIMIT $1
        )
        """)
}
