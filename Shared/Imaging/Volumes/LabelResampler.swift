import Threads

/// Samples labels whose axes run along the result's: at every point the label with the largest linear share of the
/// voxels around it. Shares are summed point by point over the up to eight labels that are there; no volume of one
/// label is ever made.
struct LabelResampler: Sendable {
    /// Along i, j, k; none of them cubic.
    let axes: [AxisSamples]
    let pool: ComputePool

    func sampled(_ voxels: [UInt8]) -> [UInt8] {
        let size = axes.map(\.count)
        let (width, area) = (axes[0].size, axes[0].size * axes[1].size)
        return [UInt8](unsafeUninitializedCapacity: size.reduce(1, *)) { result, count in
            let result = SharedPointer(result)
            pool.forEach(count: size[2]) { k in
                voxels.withUnsafeBufferPointer { voxels in
                    guard let voxels = voxels.baseAddress else { return }
                    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: width) { differs in
                        guard let differs = differs.baseAddress else { return }
                        let (near, far) = (voxels + Int(axes[2].lower[k]) * area, voxels + Int(axes[2].upper[k]) * area)
                        for j in 0..<size[1] {
                            let (low, high) = (Int(axes[1].lower[j]) * width, Int(axes[1].upper[j]) * width)
                            let rows = Rows(
                                a: near + low, b: near + high, c: far + low, d: far + high, y: axes[1].weight(j),
                                z: axes[2].weight(k))
                            read(rows, differs, to: result.base + size[0] * (j + size[1] * k))
                        }
                    }
                }
            }
            count = size.reduce(1, *)
        }
    }

    /// Four rows of the source: (j, k) lower lower, upper lower, lower upper, upper upper; and the weights of the upper
    /// ones.
    private struct Rows {
        let a, b, c, d: UnsafePointer<UInt8>
        let y, z: Float
    }

    /// Most points have one label around them, told by looking at whole rows.
    private func read(_ rows: Rows, _ differs: UnsafeMutablePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>) {
        let axis = axes[0]
        let (a, b, c, d) = (rows.a, rows.b, rows.c, rows.d)
        for x in 0..<axis.size { differs[x] = (a[x] ^ b[x]) | (a[x] ^ c[x]) | (a[x] ^ d[x]) }
        axis.lower.withUnsafeBufferPointer { lower in
            axis.upper.withUnsafeBufferPointer { upper in
                for i in 0..<lower.count {
                    let (l, u) = (Int(lower[i]), Int(upper[i]))
                    if differs[l] | differs[u] | (a[l] ^ a[u]) == 0 {
                        target[i] = a[l]
                    } else {
                        let labels = SIMD8(a[l], a[u], b[l], b[u], c[l], c[u], d[l], d[u])
                        target[i] = LabelShares(labels, axis.weight(i), rows.y, rows.z).winner
                    }
                }
            }
        }
    }
}
