import Foundation
import Synchronization

/// The threads that kernels run on: one explicit pool, apart from Swift's cooperative pool, which compute must not
/// block.
///
/// Work is handed out by index, in increasing order, to whichever thread is free, so a kernel must give each index its
/// own outputs and a fixed order of summation inside it: then results are the same bits whatever the number of threads.
/// Calls may come from several threads at once and from inside a body; the caller always takes part, so every call
/// advances.
package final class ComputePool: Sendable {
    /// As many threads as `COLUMNA_THREADS` says (1...1024), else one per active processor.
    package static let shared = ComputePool(threads: configuredThreads)

    package let threads: Int
    private let queue = LoopQueue()
    private let scratches = ScratchShelf()

    /// `threads` counts the caller: a pool of 1 starts no thread.
    package init(threads: Int) {
        self.threads = max(1, threads)
        for number in 1..<max(2, self.threads) where self.threads > 1 {
            let thread = Thread { [queue] in
                while let loop = queue.join() {
                    loop.run()
                    queue.leave(loop)
                }
            }
            thread.name = "compute-\(number)"
            thread.stackSize = 4 << 20
            thread.start()
        }
    }

    deinit { queue.close() }

    /// Has `floats` of working memory ready for each thread, so that loops which ask for no more cannot run out of it.
    ///
    /// Throws `outOfMemory`.
    package func prepareScratch(floats: Int) throws {
        guard floats == 0 || scratches.prepare(floats, buffers: threads) else {
            throw TensorError(
                .outOfMemory,
                "the system has no \(MemoryPlan.text(floats * 4)) of working memory for each of \(threads) threads; free memory or compute on fewer threads"
            )
        }
    }

    /// Runs `body` once for each index in `0..<count` and returns when all are done.
    package func forEach(count: Int, _ body: @Sendable (Int) -> Void) {
        forEach(count: count, scratch: 0) { index, _ in body(index) }
    }

    /// The same, with `scratch` floats of working memory (any content, 64-byte aligned) that each participating thread
    /// gets once.
    package func forEach(
        count: Int, scratch: Int, _ body: @Sendable (_ index: Int, _ scratch: UnsafeMutablePointer<Float>) -> Void
    ) {
        guard count > 0 else { return }
        withoutActuallyEscaping(body) { body in
            let loop = ParallelLoop(count: count, scratch: scratch, shelf: scratches, body: body)
            if threads > 1 && count > 1 { queue.add(loop) }
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
                if let loop = loops.first(where: { !$0.isExhausted }) {
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

/// One call of `forEach`. Unchecked: the queue's lock guards `participants`; `body` changes only when there are none.
private final class ParallelLoop: @unchecked Sendable {
    private let count: Int
    private let scratch: Int
    private let shelf: ScratchShelf
    private let nextIndex = Atomic<Int>(0)
    /// Threads at work on it besides the caller.
    var participants = 0
    var body: ((Int, UnsafeMutablePointer<Float>) -> Void)?

    init(
        count: Int, scratch: Int, shelf: ScratchShelf,
        body: @escaping @Sendable (Int, UnsafeMutablePointer<Float>) -> Void
    ) {
        self.count = count
        self.scratch = scratch
        self.shelf = shelf
        self.body = body
    }

    var isExhausted: Bool { nextIndex.load(ordering: .relaxed) >= count }

    /// Takes indices until none is left.
    func run() {
        guard !isExhausted, let body else { return }
        let working = shelf.take(scratch)
        while case let index = nextIndex.add(1, ordering: .relaxed).oldValue, index < count {
            body(index, working.base)
        }
        shelf.putBack(working)
    }
}

/// Working memory that threads are done with, for the next loop: fresh memory would cost page faults in every loop.
private final class ScratchShelf: Sendable {
    private let buffers = Mutex<[AlignedBuffer]>([])

    /// At least `count` floats.
    func take(_ count: Int) -> AlignedBuffer {
        let kept = buffers.withLock { $0.popLast() }
        if let kept, kept.count >= count { return kept }
        guard let made = AlignedBuffer(onLargePages: count) else {
            fatalError("the system has no \(count * 4) bytes of working memory")
        }
        return made
    }

    /// Keeps as many buffers of at least `count` floats; false when the system has not as much.
    func prepare(_ count: Int, buffers number: Int) -> Bool {
        buffers.withLock { buffers in
            buffers.removeAll { $0.count < count }
            while buffers.count < number {
                guard let made = AlignedBuffer(onLargePages: count) else { return false }
                buffers.append(made)
            }
            return true
        }
    }

    func putBack(_ buffer: AlignedBuffer) { buffers.withLock { $0.append(buffer) } }
}
