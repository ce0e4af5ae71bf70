/// Eight floats: one AVX2 register.
typealias Vector = SIMD8<Float>

extension Vector {
    /// Eight floats from any address.
    @inline(__always) init(at address: UnsafePointer<Float>) {
        self = UnsafeRawPointer(address).loadUnaligned(as: Vector.self)
    }

    @inline(__always) init(at address: UnsafeMutablePointer<Float>) {
        self = UnsafeRawPointer(address).loadUnaligned(as: Vector.self)
    }

    @inline(__always) func store(at address: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(address).storeBytes(of: self, as: Vector.self)
    }

    /// Fused: one rounding.
    @inline(__always) func adding(_ a: Vector, times b: Vector) -> Vector { addingProduct(a, b) }
}

/// Memory that the indices of one parallel loop write to.
///
/// Unchecked because each index owns a range that no other index touches: that is what every kernel's task division guarantees.
struct DisjointOutput<Element>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Element>

    init(_ base: UnsafeMutablePointer<Element>) { self.base = base }
}

extension Tensor {
    /// The memory for a parallel loop whose indices write disjoint ranges; valid only inside `body`.
    mutating func writeDisjointly(_ body: (DisjointOutput<Float>) -> Void) {
        withUnsafeMutableBufferPointer { if let base = $0.baseAddress { body(DisjointOutput(base)) } }
    }

    /// The memory for reading inside a loop body; the tensor outlives the call.
    @inline(__always) func read<R>(_ body: (UnsafePointer<Float>) -> R) -> R {
        withExtendedLifetime(buffer) { body(UnsafePointer(buffer.base)) }
    }
}
