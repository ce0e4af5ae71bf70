import Dispatch
import Foundation
import Synchronization

/// The one loop that volumes are computed by on several threads. Blocks until all is done; keep it off Swift's
/// cooperative threads.
package enum ParallelLoop {
    /// One a processor.
    package static var processors: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// Calls `body` once for each of 0 ..< `count`, in any order, on up to `threads` threads at a time. Results that
    /// depend on the index alone are the same for any number of threads.
    package static func forEach(count: Int, threads: Int = processors, _ body: @Sendable (Int) -> Void) {
        let threads = min(max(1, threads), count)
        guard threads > 1 else {
            for index in 0..<max(0, count) { body(index) }
            return
        }
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                body(index)
            }
        }
    }

    /// The same where iterations can fail: those that have not begun are left out then, and the error of the lowest
    /// index that failed is thrown.
    package static func tryForEach(count: Int, threads: Int = processors, _ body: @Sendable (Int) throws -> Void) throws
    {
        let failure = Mutex<(index: Int, error: any Error)?>(nil)
        let hasFailed = Atomic(false)
        forEach(count: count, threads: threads) { index in
            if hasFailed.load(ordering: .relaxed) { return }
            do {
                try body(index)
            } catch {
                hasFailed.store(true, ordering: .relaxed)
                failure.withLock { failure in
                    if index < failure?.index ?? .max { failure = (index, error) }
                }
            }
        }
        if let error = failure.withLock({ $0?.error }) { throw error }
    }
}
