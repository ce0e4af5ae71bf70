/// Numbers of every voxel of a window, i fastest; not initialised.
///
/// `@unchecked Sendable`: the one scene that owns it fills it on one thread.
final class Samples<Number: BitwiseCopyable>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Number>
    let count: Int

    init(_ count: Int) {
        self.count = count
        base = .allocate(capacity: count)
    }

    convenience init(_ count: Int, repeating number: Number) {
        self.init(count)
        base.update(repeating: number, count: count)
    }

    deinit { base.deallocate() }

    @inline(__always)
    subscript(index: Int) -> Number {
        get { base[index] }
        set { base[index] = newValue }
    }
}
