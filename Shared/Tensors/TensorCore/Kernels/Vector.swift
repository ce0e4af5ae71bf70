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
}

// `self + a · b`, fused (one rounding) wherever the processors of this build can. Elsewhere each lane would cost a call.
extension SIMD where Scalar: FloatingPoint {
    @inline(__always) func adding(_ a: Self, times b: Self) -> Self {
        #if arch(x86_64) && !COLUMNA_OWN_KERNELS
            self + a * b
        #else
            addingProduct(a, b)
        #endif
    }
}

extension Float {
    @inline(__always) func adding(_ a: Float, times b: Float) -> Float {
        #if arch(x86_64) && !COLUMNA_OWN_KERNELS
            self + a * b
        #else
            addingProduct(a, b)
        #endif
    }
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
