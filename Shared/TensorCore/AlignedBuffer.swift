/// Owner of one block of floats on a 64-byte boundary (a cache line, two AVX2 vectors).
///
/// Unchecked because `Tensor` is the lock: it writes only after `isKnownUniquelyReferenced`, so no other value sees the write.
@usableFromInline final class AlignedBuffer: @unchecked Sendable {
    @usableFromInline let base: UnsafeMutablePointer<Float>
    @usableFromInline let count: Int

    init(count: Int) {
        self.count = count
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64)
        base = bytes.bindMemory(to: Float.self, capacity: max(count, 1))
    }

    convenience init(copying other: AlignedBuffer) {
        self.init(count: other.count)
        base.update(from: other.base, count: count)
    }

    deinit { UnsafeMutableRawPointer(base).deallocate() }
}
