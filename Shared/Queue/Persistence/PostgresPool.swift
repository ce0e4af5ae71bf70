import Synchronization

/// At most `size` conversations, each on its own thread, shared by any number of tasks; who finds none free waits in
/// turn.
///
/// Connections mend themselves at the next use (`PostgresConnection`), so the pool never holds a dead one for longer
/// than one error.
package final class PostgresPool: Sendable {
    private typealias Waiter = CheckedContinuation<PostgresConnection, any Error>

    private let settings: PostgresSettings
    private let state: Mutex<PoolState<PostgresConnection, Waiter>>
    private let waiterIDs = Atomic<Int>(0)

    package init(settings: PostgresSettings, size: Int) {
        precondition(size > 0, "a pool needs at least one connection, got \(size)")
        self.settings = settings
        state = Mutex(PoolState(size: size))
    }

    package convenience init(url: String, size: Int) { self.init(settings: PostgresSettings(url: url), size: size) }

    /// That the program was made for; nil where its connections do not ask.
    var schemaVersion: Int? { settings.schema?.version }

    /// Finds out whether the server answers and its schema will do.
    package func reach() async throws { _ = try await run(SessionStatements.ping()) }

    package func withConnection<Result: Sendable>(_ body: (PostgresConnection) async throws -> Result) async throws
        -> Result
    {
        let connection = try await lease()
        defer { state.withLock { $0.release(connection) }?.resume(returning: connection) }
        return try await body(connection)
    }

    /// Runs the queries in order in one round trip and one transaction.
    package func run(_ queries: [Query]) async throws -> [PostgresRows] {
        try await repeatingConflicts { try await withConnection { try await $0.run(queries) } }
    }

    package func run(_ query: Query) async throws -> PostgresRows { try await run([query])[0] }

    /// A transaction of several round trips: commits when `body` returns, rolls back when it throws. `first` travels
    /// with the BEGIN. After a deadlock `body` runs again, so it must have no other effects.
    package func transaction<Result: Sendable>(
        first: [Query] = [], _ body: (PostgresTransaction, [PostgresRows]) async throws -> Result
    ) async throws -> Result {
        try await repeatingConflicts {
            try await withConnection { connection in
                let (generation, rows) = try await connection.begin(first)
                do {
                    let result = try await body(
                        PostgresTransaction(connection: connection, generation: generation), rows)
                    _ = try await connection.proceed([SessionStatements.commit()], generation: generation)
                    return result
                } catch {
                    await connection.rollBack(generation)
                    throw error
                }
            }
        }
    }

    /// Closes idle connections; a later use opens them again.
    package func close() async {
        for connection in state.withLock({ $0.idle }) { await connection.close() }
    }

    private func repeatingConflicts<Result>(_ body: () async throws -> Result) async throws -> Result {
        for _ in 1...4 {
            do {
                return try await body()
            } catch let error as PostgresError where error.isWorthRepeatingAtOnce {
                continue
            }
        }
        return try await body()
    }

    private func lease() async throws -> PostgresConnection {
        let id = waiterIDs.wrappingAdd(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if Task.isCancelled { return continuation.resume(throwing: CancellationError()) }
                let lease = state.withLock { state in
                    let lease = state.lease()
                    if case .wait = lease { state.enqueue(continuation, id: id) }
                    return lease
                }
                switch lease {
                case .take(let connection): continuation.resume(returning: connection)
                case .open: continuation.resume(returning: PostgresConnection(settings))
                case .wait: break
                }
            }
        } onCancel: {
            state.withLock { $0.cancel(id) }?.resume(throwing: CancellationError())
        }
    }
}
