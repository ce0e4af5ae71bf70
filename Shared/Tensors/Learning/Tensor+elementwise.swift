import TensorCore
import Threads

/// Loops over the elements of tensors of one shape, in pieces that threads take from one another: each element is
/// computed from its own values only, so the bits do not depend on who computes it.
extension Tensor {
    @inline(__always)
    mutating func change(
        with other: Tensor, pool: ComputePool, _ rule: @Sendable (inout Float, Float) -> Void
    ) {
        changePieces(with: other, pool: pool) { p, g, piece in for index in piece { rule(&p[index], g[index]) } }
    }

    /// The same with one tensor more that changes.
    @inline(__always)
    mutating func change(
        _ second: inout Tensor, with other: Tensor, pool: ComputePool,
        _ rule: @Sendable (inout Float, inout Float, Float) -> Void
    ) {
        requireShape(of: second)
        second.withUnsafeMutableBufferPointer { second in
            let second = SharedPointer(second)
            changePieces(with: other, pool: pool) { p, g, piece in
                let m = second.base
                for index in piece { rule(&p[index], &m[index], g[index]) }
            }
        }
    }

    /// The same with two tensors more that change.
    @inline(__always)
    mutating func change(
        _ second: inout Tensor, _ third: inout Tensor, with other: Tensor, pool: ComputePool,
        _ rule: @Sendable (inout Float, inout Float, inout Float, Float) -> Void
    ) {
        requireShape(of: second)
        requireShape(of: third)
        second.withUnsafeMutableBufferPointer { second in
            third.withUnsafeMutableBufferPointer { third in
                let (second, third) = (SharedPointer(second), SharedPointer(third))
                changePieces(with: other, pool: pool) { p, g, piece in
                    let (m, v) = (second.base, third.base)
                    for index in piece { rule(&p[index], &m[index], &v[index], g[index]) }
                }
            }
        }
    }

    /// Own elements, the other's, and which of them.
    @inline(__always)
    private mutating func changePieces(
        with other: Tensor, pool: ComputePool,
        _ body: @Sendable (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, Range<Int>) -> Void
    ) {
        requireShape(of: other)
        let (count, length) = (count, 1 << 14)
        withUnsafeMutableBufferPointer { own in
            other.withUnsafeBufferPointer { other in
                let (p, g) = (SharedPointer(own), SharedPointer(reading: other))
                pool.forEach(count: (count + length - 1) / length) { piece in
                    body(p.base, g.base, piece * length..<min(count, (piece + 1) * length))
                }
            }
        }
    }

    private func requireShape(of other: Tensor) {
        precondition(other.count == count, "\(other.shape) beside a tensor of \(shape)")
    }
}
