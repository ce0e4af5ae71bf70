import Dispatch
import Synchronization

/// An executor with one thread of its own: for actors that block in C, and for tasks that compute for hours.
///
/// The thread ends when nobody holds the executor any more and all that was enqueued has run.
package final class ThreadExecutor: SerialExecutor, TaskExecutor {
    private let mailbox = Mailbox()

    /// - Parameter name: of the thread, up to 15 bytes.
    package init(name: String) {
        OwnThread.start(name) { [mailbox] in
            while let run = mailbox.next() { run() }
        }
    }

    deinit { mailbox.close() }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // Holds the executor until the job has run.
        mailbox.add {
            job.runSynchronously(isolatedTo: self.asUnownedSerialExecutor(), taskExecutor: self.asUnownedTaskExecutor())
        }
    }
}

/// Apart from the executor, so that the thread does not keep it alive.
private final class Mailbox: Sendable {
    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let arrivals = DispatchSemaphore(value: 0)

    func add(_ run: @escaping @Sendable () -> Void) {
        state.withLock { $0.waiting.append(run) }
        arrivals.signal()
    }

    func close() {
        state.withLock { $0.isClosed = true }
        arrivals.signal()
    }

    /// Blocks until there is something to run; nil once closed.
    func next() -> (@Sendable () -> Void)? {
        arrivals.wait()
        return state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
    }
}
