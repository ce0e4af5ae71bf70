package import Threads

/// What the machine can do: single-precision multiplications and additions per second of OpenBLAS, on one matrix
/// product per thread side by side. Measured beside a network it says how much of the machine the network used.
package enum GEMMRate {
    private static let edge = 1024

    /// Floating-point operations per second on all threads of `pool` together: the median of `rounds`, after one that
    /// warms up.
    ///
    /// Takes about 0.15 s a round on two AVX2 cores, and 12 MiB per thread.
    package static func measured(pool: ComputePool, rounds: Int = 7) -> Double {
        let (count, threads) = (edge * edge, pool.threads)
        let operations = 2 * Double(edge) * Double(edge) * Double(edge)
        // Several products per thread, handed out by index: no thread waits long for the other at the end.
        let products = threads * 4
        let operands = AlignedBuffer(count: 2 * count)
        for index in 0..<2 * count { operands.base[index] = Float(index % 17) * 0.0625 - 0.5 }
        let shared = SharedPointer(operands.base)
        var rates: [Double] = []
        for _ in 0...rounds {
            let begin = ContinuousClock.now
            pool.forEach(count: products, scratch: count) { _, result in
                BLAS.multiply(
                    BLAS.Matrix(base: shared.base, stride: edge),
                    BLAS.Matrix(base: shared.base + edge * edge, stride: edge), rows: edge,
                    columns: edge, inner: edge, result: result, resultStride: edge)
            }
            rates.append(Double(products) * operations / ((ContinuousClock.now - begin) / .seconds(1)))
        }
        withExtendedLifetime(operands) {}
        return rates.dropFirst().sorted()[rounds / 2]
    }
}
