/// An open transaction of several round trips; valid within `PostgresPool.transaction` only.
package struct PostgresTransaction: Sendable {
    let connection: PostgresConnection
    let generation: Int

    /// Runs the queries in order in one round trip. After an error only the rollback is left.
    package func run(_ queries: [Query]) async throws -> [PostgresRows] {
        try await connection.proceed(queries, generation: generation)
    }

    package func run(_ query: Query) async throws -> PostgresRows {
        try await run([query])[0]
    }
}
