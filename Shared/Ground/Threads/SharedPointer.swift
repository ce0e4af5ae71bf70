/// Memory that the bodies of one parallel loop fill or read together.
///
/// `@unchecked Sendable` holds because each index writes only its own part, nobody writes what another reads, and the
/// pointer does not outlive the call that made it: there is no lock because there is nothing to guard.
package struct SharedPointer<Element>: @unchecked Sendable {
    package let base: UnsafeMutablePointer<Element>

    @inlinable
    package init(_ base: UnsafeMutablePointer<Element>) { self.base = base }

    /// What one index writes: `count` elements from `first` on. A span of them needs them initialised.
    @inlinable
    package func part(_ first: Int, _ count: Int) -> UnsafeMutableBufferPointer<Element> {
        UnsafeMutableBufferPointer(start: base + first, count: count)
    }

    /// For reading only.
    @inlinable
    package init(reading base: UnsafePointer<Element>) { self.base = UnsafeMutablePointer(mutating: base) }

    /// For reading only. The buffer must not be empty.
    @inlinable
    package init(reading buffer: UnsafeBufferPointer<Element>) {
        guard let base = buffer.baseAddress else { preconditionFailure("a shared buffer must not be empty") }
        self.init(reading: base)
    }

    /// The buffer must not be empty.
    @inlinable
    package init(_ buffer: UnsafeMutableBufferPointer<Element>) {
        guard let base = buffer.baseAddress else { preconditionFailure("a shared buffer must not be empty") }
        self.base = base
    }
}
