import Faults
import Synchronization
package import Threads

extension ComputePool {
    /// Has `floats` of working memory ready for each thread, so that loops which ask for no more cannot run out of it.
    ///
    /// Throws `outOfMemory`.
    package func prepareScratch(floats: Int) throws {
        guard floats == 0 || ScratchShelf.shared.prepare(floats, buffers: threads) else {
            throw TensorError(
                .outOfMemory,
                "the system has no \(MemoryPlan.text(floats * 4)) of working memory for each of \(threads) threads; free memory or compute on fewer threads"
            )
        }
    }

    /// `forEach` with `scratch` floats of working memory (any content, 64-byte aligned) that each participating thread
    /// gets once.
    package func forEach(
        count: Int, scratch: Int, _ body: @Sendable (_ index: Int, _ scratch: UnsafeMutablePointer<Float>) -> Void
    ) {
        share(count: count) { indices in
            let working = ScratchShelf.shared.take(scratch)
            while let index = indices.next() { body(index, working.base) }
            ScratchShelf.shared.putBack(working)
        }
    }
}

/// Working memory that threads are done with, for the next loop: fresh memory would cost page faults in every loop.
private final class ScratchShelf: Sendable {
    static let shared = ScratchShelf()

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
