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
                let voxels = voxels.span
                func row(_ j: Int32, _ k: Int32) -> Range<Int> {
                    let first = Int(k) * area + Int(j) * width
                    return first..<first + width
                }
                var differs = [UInt8](repeating: 0, count: width)
                let (near, far, z) = (axes[2].lower[k], axes[2].upper[k], axes[2].weight(k))
                for j in 0..<size[1] {
                    let (low, high, y) = (axes[1].lower[j], axes[1].upper[j], axes[1].weight(j))
                    read(
                        voxels.extracting(row(low, near)), voxels.extracting(row(high, near)),
                        voxels.extracting(row(low, far)), voxels.extracting(row(high, far)), y, z, &differs,
                        to: result.part(size[0] * (j + size[1] * k), size[0]))
                }
            }
            count = size.reduce(1, *)
        }
    }

    /// From four rows of the source: (j, k) lower lower, upper lower, lower upper, upper upper; with the weights of
    /// the upper ones. Most points have one label around them, told by looking at whole rows.
    @inline(__always)
    private func read(
        _ a: Span<UInt8>, _ b: Span<UInt8>, _ c: Span<UInt8>, _ d: Span<UInt8>, _ y: Float, _ z: Float,
        _ differs: inout [UInt8], to target: UnsafeMutableBufferPointer<UInt8>
    ) {
        let axis = axes[0]
        var differs = differs.mutableSpan
        for x in a.indices { differs[x] = (a[x] ^ b[x]) | (a[x] ^ c[x]) | (a[x] ^ d[x]) }
        let (lower, upper) = (axis.lower.span, axis.upper.span)
        // Where all are alike unchecked, or the whole takes a twentieth longer: the tables hold places of the axis only.
        for i in lower.indices {
            let (l, u) = (Int(lower[unchecked: i]), Int(upper[unchecked: i]))
            if differs[unchecked: l] | differs[unchecked: u] | (a[unchecked: l] ^ a[unchecked: u]) == 0 {
                target[i] = a[unchecked: l]
            } else {
                let labels = SIMD8(a[l], a[u], b[l], b[u], c[l], c[u], d[l], d[u])
                target[i] = LabelShares(labels, axis.weight(i), y, z).winner
            }
        }
    }
}
