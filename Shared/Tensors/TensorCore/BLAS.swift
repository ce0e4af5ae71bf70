import COpenBLAS
import Threads

/// The one boundary to OpenBLAS: single-precision matrix products on the calling thread.
///
/// OpenBLAS's own threads are switched off: `ComputePool` runs several single-threaded products side by side, which is
/// faster and keeps results independent of the number of threads.
package enum BLAS {
    /// A matrix in C order, or its transpose.
    struct Matrix {
        let base: UnsafePointer<Float>
        /// Floats from one row in memory to the next.
        let stride: Int
        var isTransposed = false

        var transposed: Matrix { Matrix(base: base, stride: stride, isTransposed: !isTransposed) }
    }

    /// The release and the processor it computes for: `OpenBLAS 0.3.21 DYNAMIC_ARCH NO_AFFINITY Zen MAX_THREADS=128`.
    package static var configuration: String { String(cString: openblas_get_config()) }

    private static let singleThreaded: Void = openblas_set_num_threads(1)

    /// `result (rows × columns) = left (rows × inner) · right (inner × columns)`, assigned, or added to what is there.
    static func multiply(
        _ left: Matrix, _ right: Matrix, rows: Int, columns: Int, inner: Int, result: UnsafeMutablePointer<Float>,
        resultStride: Int, adding: Bool = false
    ) {
        _ = singleThreaded
        cblas_sgemm(
            CblasRowMajor, left.isTransposed ? CblasTrans : CblasNoTrans,
            right.isTransposed ? CblasTrans : CblasNoTrans,
            blasint(rows), blasint(columns), blasint(inner), 1, left.base, blasint(left.stride), right.base,
            blasint(right.stride),
            adding ? 1 : 0, result, blasint(resultStride))
    }
}
