/// Owner of one block of floats on a 64-byte boundary (a cache line, two AVX2 vectors): memory of its own, or a part of
/// an arena, which gets it back.
///
/// Unchecked because `Tensor` is the lock: it writes only after `isKnownUniquelyReferenced`, so no other value sees the
/// write.
@usableFromInline final class AlignedBuffer: @unchecked Sendable {
    @usableFromInline let base: UnsafeMutablePointer<Float>
    @usableFromInline let count: Int
    private let place: Arena.Place?

    init(count: Int) {
        self.count = count
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64)
        base = bytes.bindMemory(to: Float.self, capacity: max(count, 1))
        place = nil
    }

    /// On large pages where the system has them: for memory that is touched in hundreds of places at once. nil when it
    /// has not as much.
    init?(onLargePages count: Int) {
        guard let memory = LargePages.allocate(floats: count) else { return nil }
        self.count = count
        base = memory
        place = nil
    }

    init(_ place: Arena.Place, base: UnsafeMutablePointer<Float>, count: Int) {
        self.place = place
        self.base = base
        self.count = count
    }

    convenience init(copying other: AlignedBuffer) {
        self.init(count: other.count)
        base.update(from: other.base, count: count)
    }

    deinit {
        if let place { place.arena.giveBack(place) } else { UnsafeMutableRawPointer(base).deallocate() }
    }
}
