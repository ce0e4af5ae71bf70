import Logging
import Synchronization

/// What has happened, in lines: as a log handler, and for whatever else a test wants to wait on.
final class EventLog: LogHandler, Sendable {
    private struct Waiter {
        let part: String
        let count: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var lines: [String] = []
        var waiters: [Waiter] = []
        var isOver = false

        func has(_ part: String, _ count: Int) -> Bool { lines.count { $0.contains(part) } >= count }

        /// Lets those go who need not wait any longer.
        mutating func due() -> [Waiter] {
            let (over, all) = (isOver, waiters)
            let due = all.filter { over || has($0.part, $0.count) }
            waiters = all.filter { !over && !has($0.part, $0.count) }
            return due
        }
    }

    private let state = Mutex(State())

    /// Logs into this.
    var logger: Logger { Logger(label: "test", factory: { _ in self }) }

    /// Returns once `count` lines hold `part`, or when the test's time is over.
    func wait(for part: String, count: Int = 1) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                change { $0.waiters.append(Waiter(part: part, count: count, continuation: continuation)) }
            }
        } onCancel: {
            change { $0.isOver = true }
        }
    }

    var lines: [String] { state.withLock { $0.lines } }

    func note(_ line: String) { change { $0.lines.append(line) } }

    private func change(_ change: (inout State) -> Void) {
        let due = state.withLock { state in
            change(&state)
            return state.due()
        }
        for waiter in due { waiter.continuation.resume() }
    }

    func log(event: LogEvent) { note("\(event.level) \(event.message) \(event.metadata ?? [:])") }

    // One log for all levels and loggers.
    var logLevel: Logger.Level {
        get { .debug }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }
}
