import Threads

/// Eight floats: one AVX2 register.
typealias Vector = SIMD8<Float>

/// Eight sums in Double.
typealias DoubleVector = SIMD8<Double>

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

    @inline(__always) var widened: DoubleVector { DoubleVector(self) }

    /// Fused: one rounding.
    @inline(__always) func adding(_ a: Vector, times b: Vector) -> Vector { addingProduct(a, b) }
}

extension Tensor {
    /// The memory for a parallel loop whose indices write disjoint ranges; valid only inside `body`.
    mutating func writeDisjointly(_ body: (SharedPointer<Float>) -> Void) {
        withUnsafeMutableBufferPointer { if let base = $0.baseAddress { body(SharedPointer(base)) } }
    }

    /// The memory for reading inside a loop body; the tensor outlives the call.
    @inline(__always) func read<R>(_ body: (UnsafePointer<Float>) -> R) -> R {
        withExtendedLifetime(buffer) { body(UnsafePointer(buffer.base)) }
    }
}
