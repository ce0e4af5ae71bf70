import TensorCore
import Threads

/// Loops over the elements of tensors of one shape, in pieces that threads take from one another: each element is
/// computed from its own values only, so the bits do not depend on who computes it.
extension Tensor {
    private static let piece = 1 << 14

    @inline(__always)
    mutating func change(
        with other: Tensor, pool: ComputePool, _ rule: @Sendable (inout Float, Float) -> Void
    ) {
        precondition(other.count == count, "\(other.shape) beside a tensor of \(shape)")
        let count = count
        withUnsafeMutableBufferPointer { own in
            other.withUnsafeBufferPointer { other in
                let (p, g) = (SharedPointer(own), SharedPointer(reading: other))
                pool.forEach(count: (count + Self.piece - 1) / Self.piece) { piece in
                    let (p, g) = (p.base, g.base)
                    for index in piece * Self.piece..<min(count, (piece + 1) * Self.piece) { rule(&p[index], g[index]) }
                }
            }
        }
    }

    /// The same with one tensor more that changes.
    @inline(__always)
    mutating func change(
        _ second: inout Tensor, with other: Tensor, pool: ComputePool,
        _ rule: @Sendable (inout Float, inout Float, Float) -> Void
    ) {
        precondition(other.count == count && second.count == count, "\(other.shape) beside a tensor of \(shape)")
        let count = count
        withUnsafeMutableBufferPointer { own in
            second.withUnsafeMutableBufferPointer { second in
                other.withUnsafeBufferPointer { other in
                    let (p, m, g) = (SharedPointer(own), SharedPointer(second), SharedPointer(reading: other))
                    pool.forEach(count: (count + Self.piece - 1) / Self.piece) { piece in
                        let (p, m, g) = (p.base, m.base, g.base)
                        for index in piece * Self.piece..<min(count, (piece + 1) * Self.piece) {
                            rule(&p[index], &m[index], g[index])
                        }
                    }
                }
            }
        }
    }

    /// The same with two tensors more that change.
    @inline(__always)
    mutating func change(
        _ second: inout Tensor, _ third: inout Tensor, with other: Tensor, pool: ComputePool,
        _ rule: @Sendable (inout Float, inout Float, inout Float, Float) -> Void
    ) {
        precondition(
            other.count == count && second.count == count && third.count == count,
            "\(other.shape) beside a tensor of \(shape)")
        let count = count
        withUnsafeMutableBufferPointer { own in
            second.withUnsafeMutableBufferPointer { second in
                third.withUnsafeMutableBufferPointer { third in
                    other.withUnsafeBufferPointer { other in
                        let (p, m, v, g) = (
                            SharedPointer(own), SharedPointer(second), SharedPointer(third),
                            SharedPointer(reading: other)
                        )
                        pool.forEach(count: (count + Self.piece - 1) / Self.piece) { piece in
                            let (p, m, v, g) = (p.base, m.base, v.base, g.base)
                            for index in piece * Self.piece..<min(count, (piece + 1) * Self.piece) {
                                rule(&p[index], &m[index], &v[index], g[index])
                            }
                        }
                    }
                }
            }
        }
    }
}
