/// Memory that `concurrentPerform`'s iterations fill or read together.
///
/// `@unchecked Sendable` holds because each iteration writes only to its own slice and nobody writes what another
/// reads; the pointer does not outlive the call that made it.
package struct SharedBuffer<Element>: @unchecked Sendable {
    package let pointer: UnsafeMutablePointer<Element>

    package init(pointer: UnsafeMutablePointer<Element>) {
        self.pointer = pointer
    }

    /// `buffer` must not be empty.
    package init(_ buffer: UnsafeMutableBufferPointer<Element>) {
        guard let base = buffer.baseAddress else { preconditionFailure("a shared buffer must not be empty") }
        pointer = base
    }
}
