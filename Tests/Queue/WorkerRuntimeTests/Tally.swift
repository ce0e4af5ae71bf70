import Synchronization

/// Counts from 1, for any number of tasks.
final class Tally: Sendable {
    private let state = Mutex((count: 0, open: 0, most: 0))

    func next() -> Int {
        state.withLock { state in
            state.count += 1
            return state.count
        }
    }

    /// Remembers how many are between this and ``leave()`` at a time.
    func enter() {
        state.withLock { state in
            state.open += 1
            state.most = max(state.most, state.open)
        }
    }

    func leave() { state.withLock { $0.open -= 1 } }

    /// The most that were in at a time.
    var most: Int { state.withLock { $0.most } }
}
