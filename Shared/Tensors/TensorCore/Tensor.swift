/// A dense array of 32-bit floats, C-contiguous (last axis fastest), with value semantics.
///
/// Activations are `(batch, channels, depth, height, width)`, written NCDHW; see README.md beside this file. Copies
/// share memory until one of them is written to.
package struct Tensor: Sendable {
    package let shape: [Int]
    @usableFromInline var buffer: AlignedBuffer

    /// A tensor of zeros.
    package init(zeros shape: [Int]) {
        self.init(uninitialized: shape)
        buffer.base.update(repeating: 0, count: buffer.count)
    }

    /// Memory with any content: for results that are written whole before they are read.
    package init(uninitialized shape: [Int]) {
        self.shape = shape
        buffer = AlignedBuffer(count: Self.count(of: shape))
    }

    /// `values` in C order.
    package init(_ values: [Float], shape: [Int]) {
        require(values.count == Self.count(of: shape), "\(values.count) values do not fill the shape \(shape)")
        self.init(uninitialized: shape)
        values.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { buffer.base.update(from: base, count: source.count) }
        }
    }

    init(shape: [Int], buffer: AlignedBuffer) {
        self.shape = shape
        self.buffer = buffer
    }

    @inlinable package var count: Int { buffer.count }

    /// Whether both are copies of each other that nobody has written to since.
    package func sharesMemory(with other: Tensor) -> Bool { buffer === other.buffer }

    /// For kernels, while the tensor is kept alive by whoever calls them.
    var base: UnsafeMutablePointer<Float> { buffer.base }

    package var values: [Float] { withUnsafeBufferPointer { Array($0) } }

    /// The element at a flat C-order index. Loops over many elements belong in `withUnsafe…BufferPointer`.
    @inlinable package subscript(index: Int) -> Float {
        get { buffer.base[index] }
        set {
            makeUnique()
            buffer.base[index] = newValue
        }
    }

    @inlinable package func withUnsafeBufferPointer<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
        try withExtendedLifetime(buffer) { try body(UnsafeBufferPointer(start: buffer.base, count: buffer.count)) }
    }

    @inlinable package mutating func withUnsafeMutableBufferPointer<R>(
        _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
    ) rethrows -> R {
        makeUnique()
        return try withExtendedLifetime(buffer) {
            try body(UnsafeMutableBufferPointer(start: buffer.base, count: buffer.count))
        }
    }

    /// The same values under another shape of the same element count; shares memory.
    package func reshaped(_ shape: [Int]) -> Tensor {
        require(Self.count(of: shape) == count, "a tensor of shape \(self.shape) cannot take the shape \(shape)")
        return Tensor(shape: shape, buffer: buffer)
    }

    @usableFromInline mutating func makeUnique() {
        if !isKnownUniquelyReferenced(&buffer) { buffer = AlignedBuffer(copying: buffer) }
    }

    private static func count(of shape: [Int]) -> Int { shape.reduce(1, *) }
}
