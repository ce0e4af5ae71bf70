/// Which connections are free and who waits for one. Decides; `PostgresPool` acts.
struct PoolState<Connection, Waiter> {
    enum Lease {
        case take(Connection)
        case open
        case wait
    }

    private(set) var idle: [Connection] = []
    private var waiters: [(id: Int, waiter: Waiter)] = []
    private var openCount = 0
    private let size: Int

    init(size: Int) { self.size = size }

    /// The connection used last goes first, so that those beyond need stay unopened.
    mutating func lease() -> Lease {
        if let connection = idle.popLast() { return .take(connection) }
        guard openCount < size else { return .wait }
        openCount += 1
        return .open
    }

    mutating func enqueue(_ waiter: Waiter, id: Int) { waiters.append((id, waiter)) }

    /// The waiter that gets the connection now, or nil when it became idle.
    mutating func release(_ connection: Connection) -> Waiter? {
        guard !waiters.isEmpty else {
            idle.append(connection)
            return nil
        }
        return waiters.removeFirst().waiter
    }

    /// The waiter if it still waited.
    mutating func cancel(_ id: Int) -> Waiter? {
        guard let place = waiters.firstIndex(where: { $0.id == id }) else { return nil }
        return waiters.remove(at: place).waiter
    }
}
