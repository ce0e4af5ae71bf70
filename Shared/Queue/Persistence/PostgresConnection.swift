import Threads

/// One conversation with PostgreSQL on a thread of its own. Connects at first use, and again at the next use after a
/// loss or after an answer that only another server could better (`PostgresError.endsConversation`).
package actor PostgresConnection {
    private let executor: ThreadExecutor
    private let settings: PostgresSettings
    private var connection: PQConnection?
    /// Counts connections, so that a transaction cannot go on over another one than it began on.
    private var generation = 0

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(_ settings: PostgresSettings) {
        self.settings = settings
        executor = ThreadExecutor(name: "columna.sql")
    }

    /// Runs the queries in order in one round trip and one transaction; the first error undoes all.
    ///
    /// A statement that the server no longer takes as it was prepared is told anew over another connection, once:
    /// nothing was done yet.
    package func run(_ queries: [Query]) throws -> [PostgresRows] {
        let connection = try usableConnection()
        let known = connection.prepared
        do {
            return try converse(over: connection) { try $0.run(queries) }
        } catch let error as PostgresError where error.mayBeOfOldPreparation {
            guard let name = error.statement, known.contains(name) else { throw error }
            return try converse { try $0.run(queries) }
        }
    }

    /// Runs several statements by the simple protocol; what they do to the session stays.
    package func runScript(_ sql: String, name: String) throws {
        try converse { try $0.runScript(sql, name: name) }
    }

    /// Sends BEGIN with the first queries; `PostgresTransaction` goes on.
    func begin(_ queries: [Query]) throws -> (generation: Int, rows: [PostgresRows]) {
        do {
            let rows = try run([SessionStatements.begin()] + queries)
            return (generation, Array(rows.dropFirst()))
        } catch {
            rollBack(generation)
            throw error
        }
    }

    func proceed(_ queries: [Query], generation: Int) throws -> [PostgresRows] {
        try converse(over: connection(of: generation)) { try $0.run(queries) }
    }

    /// A script within a transaction that `begin` opened.
    func proceed(script: String, name: String, generation: Int) throws {
        try converse(over: connection(of: generation)) { try $0.runScript(script, name: name) }
    }

    /// Never a new connection: what belongs to the transaction would be committed by itself.
    private func connection(of generation: Int) throws -> PQConnection {
        guard generation == self.generation, let connection, connection.isUsable else {
            connection = nil
            throw PostgresError(
                code: .connectionLost, message: "the connection was lost within a transaction, which was undone")
        }
        return connection
    }

    /// Never throws: a connection that cannot roll back is dropped, which rolls back too.
    func rollBack(_ generation: Int) {
        guard generation == self.generation, let connection else { return }
        do {
            _ = try connection.run([SessionStatements.rollback()])
        } catch {
            self.connection = nil
        }
    }

    package func close() { connection = nil }

    private func converse<Result>(_ body: (PQConnection) throws -> Result) throws -> Result {
        try converse(over: usableConnection(), body)
    }

    private func converse<Result>(over connection: PQConnection, _ body: (PQConnection) throws -> Result) throws
        -> Result
    {
        do {
            return try body(connection)
        } catch let error as PostgresError where error.endsConversation || error.mayBeOfOldPreparation {
            // With it goes what it had prepared.
            self.connection = nil
            throw error
        } catch let error as PostgresError where error.missesSchema {
            // Over another one: within a transaction that failed nothing can be asked.
            if let schema = settings.schema { try schema.recheck(over: PQConnection(settings)) }
            throw error
        }
    }

    private func usableConnection() throws -> PQConnection {
        if let connection, connection.isUsable { return connection }
        connection = nil
        generation += 1
        let fresh = try PQConnection(settings)
        _ = try fresh.run([settings.sessionStatement])
        try settings.schema?.admit(fresh)
        connection = fresh
        return fresh
    }
}
