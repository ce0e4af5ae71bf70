import Foundation
import Synchronization

/// The threads that loops compute on: one explicit pool, apart from Swift's cooperative pool, which compute must not
/// block.
///
/// Work is handed out by index, in increasing order, to whichever thread is free, so a loop must give each index its
/// own outputs and a fixed order of summation inside it: then results are the same bits whatever the number of threads.
/// Calls may come from several threads at once and from inside a body; the caller always takes part, so every call
/// advances, and any number of callers share the pool's own threads.
package final class ComputePool: Sendable {
    /// As many threads as `COLUMNA_THREADS` says (1...1024), else one per active processor.
    package static let shared = ComputePool(threads: configuredThreads)

    /// The calling thread alone, for loops inside the body of a loop that has enough to hand out.
    package static let caller = ComputePool(threads: 1)

    /// The caller's included.
    package let threads: Int
    private let queue = LoopQueue()

    /// `threads` counts the caller: a pool of 1 starts no thread.
    package init(threads: Int) {
        self.threads = max(1, threads)
        for number in 1..<max(2, self.threads) where self.threads > 1 {
            OwnThread.start("compute-\(number)") { [queue] in
                while let loop = queue.join() {
                    loop.run()
                    queue.leave(loop)
                }
            }
        }
    }

    deinit { queue.close() }

    /// Runs `body` once on each thread that takes part, the caller's among them; together they take each index in
    /// `0..<count` once. For loops that prepare something for each thread.
    package func share(count: Int, _ body: @Sendable (SharedIndices) -> Void) {
        guard count > 0 else { return }
        let indices = SharedIndices(count: count)
        guard threads > 1 && count > 1 else { return body(indices) }
        withoutActuallyEscaping(body) { body in
            let loop = ParallelLoop(indices, body)
            queue.add(loop)
            loop.run()
            queue.finish(loop)
        }
    }

    private static var configuredThreads: Int {
        let named = ProcessInfo.processInfo.environment["COLUMNA_THREADS"].flatMap { Int($0) }
        if let named, (1...1024).contains(named) { return named }
        return ProcessInfo.processInfo.activeProcessorCount
    }
}

/// The indices of one loop, which its threads take from one another.
package final class SharedIndices: Sendable {
    private let count: Int
    private let taken = Atomic<Int>(0)

    fileprivate init(count: Int) { self.count = count }

    fileprivate var isExhausted: Bool { taken.load(ordering: .relaxed) >= count }

    /// The lowest that no thread has taken yet; nil when there is none.
    package func next() -> Int? {
        let index = taken.add(1, ordering: .relaxed).oldValue
        return index < count ? index : nil
    }
}

/// The loops that still have indices to hand out; threads sleep on it.
private final class LoopQueue: @unchecked Sendable {
    // `condition` guards both fields below and the participants of every loop.
    private let condition = NSCondition()
    private var loops: [ParallelLoop] = []
    private var isClosed = false

    func add(_ loop: ParallelLoop) {
        condition.withLock {
            loops.append(loop)
            condition.broadcast()
        }
    }

    /// Blocks until a loop has work, and takes part in it; nil when the pool is gone.
    func join() -> ParallelLoop? {
        condition.withLock {
            while !isClosed {
                if let loop = loops.first(where: { !$0.indices.isExhausted }) {
                    loop.participants += 1
                    return loop
                }
                condition.wait()
            }
            return nil
        }
    }

    func leave(_ loop: ParallelLoop) {
        condition.withLock {
            loop.participants -= 1
            if loop.participants == 0 { condition.broadcast() }
        }
    }

    /// Blocks until every index handed out has been done, then drops the loop's body, which does not outlive the call.
    func finish(_ loop: ParallelLoop) {
        condition.withLock {
            loops.removeAll { $0 === loop }
            while loop.participants > 0 { condition.wait() }
        }
        loop.body = nil
    }

    func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }
}

/// One call of `share`. Unchecked: the queue's lock guards `participants`; `body` changes only when there are none.
private final class ParallelLoop: @unchecked Sendable {
    let indices: SharedIndices
    /// Threads at work on it besides the caller.
    var participants = 0
    var body: ((SharedIndices) -> Void)?

    init(_ indices: SharedIndices, _ body: @escaping @Sendable (SharedIndices) -> Void) {
        self.indices = indices
        self.body = body
    }

    func run() {
        if !indices.isExhausted, let body { body(indices) }
    }
}
