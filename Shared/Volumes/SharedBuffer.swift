/// Memory that `concurrentPerform`'s iterations fill or read together.
///
/// `@unchecked Sendable` holds because each iteration writes only to its own slice and nobody writes what another
/// reads; the pointer does not outlive the call that made it.
struct SharedBuffer<Element>: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Element>

    init(pointer: UnsafeMutablePointer<Element>) {
        self.pointer = pointer
    }

    /// `buffer` must not be empty.
    init(_ buffer: UnsafeMutableBufferPointer<Element>) {
        guard let base = buffer.baseAddress else { preconditionFailure("a shared buffer must not be empty") }
        pointer = base
    }
}
