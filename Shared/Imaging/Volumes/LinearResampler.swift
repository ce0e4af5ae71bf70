import Threads

/// Samples a grid whose axes run along the source's, linearly or by nearest voxels: four rows of the source become one
/// (contiguous, in vector registers), which is then read at the samples of i. Every voxel of the source's lines is read
/// once per row it is needed for, straight from the volume.
struct LinearResampler: Sendable {
    /// Along i, j, k.
    let axes: [AxisSamples]
    let pool: ComputePool

    func sampled(_ voxels: [Float]) -> [Float] {
        let size = axes.map(\.count)
        let (width, area) = (axes[0].size, axes[0].size * axes[1].size)
        return [Float](unsafeUninitializedCapacity: size.reduce(1, *)) { result, count in
            let result = SharedPointer(result)
            pool.forEach(count: size[2]) { k in
                let voxels = voxels.span
                func row(_ j: Int32, _ k: Int32) -> Range<Int> {
                    let first = Int(k) * area + Int(j) * width
                    return first..<first + width
                }
                var between = [Float](repeating: 0, count: width)
                let (near, far, z) = (axes[2].lower[k], axes[2].upper[k], axes[2].weight(k))
                for j in 0..<size[1] {
                    let (low, high, y) = (axes[1].lower[j], axes[1].upper[j], axes[1].weight(j))
                    let target = result.part(size[0] * (j + size[1] * k), size[0])
                    let a = voxels.extracting(row(low, near))
                    if y == 0, z == 0 {
                        read(a, to: target)
                    } else {
                        Self.blend(
                            a, voxels.extracting(row(high, near)), voxels.extracting(row(low, far)),
                            voxels.extracting(row(high, far)), y, z, to: &between)
                        read(between.span, to: target)
                    }
                }
            }
            count = size.reduce(1, *)
        }
    }

    /// The row between four.
    @inline(__always)
    private static func blend(
        _ a: Span<Float>, _ b: Span<Float>, _ c: Span<Float>, _ d: Span<Float>, _ y: Float, _ z: Float,
        to between: inout [Float]
    ) {
        // Rows are of one length; told so once, the compiler checks no place and takes several at a time.
        let width = a.count
        precondition(b.count == width && c.count == width && d.count == width && between.count == width)
        var between = between.mutableSpan
        if z == 0 {
            for index in 0..<width { between[index] = a[index] + (b[index] - a[index]) * y }
        } else if y == 0 {
            for index in 0..<width { between[index] = a[index] + (c[index] - a[index]) * z }
        } else {
            for index in 0..<width {
                let near = a[index] + (b[index] - a[index]) * y
                let far = c[index] + (d[index] - c[index]) * y
                between[index] = near + (far - near) * z
            }
        }
    }

    @inline(__always)
    private func read(_ row: Span<Float>, to target: UnsafeMutableBufferPointer<Float>) {
        let axis = axes[0]
        let (lower, upper, weights) = (axis.lower.span, axis.upper.span, axis.weights.span)
        // Unchecked, or all takes 6 % longer: the tables are of one length and hold places of the axis only.
        if weights.isEmpty {
            for i in lower.indices { target[i] = row[unchecked: Int(lower[unchecked: i])] }
            return
        }
        for i in lower.indices {
            let value = row[unchecked: Int(lower[unchecked: i])]
            target[i] = value + (row[unchecked: Int(upper[unchecked: i])] - value) * weights[unchecked: i]
        }
    }
}

extension AxisSamples {
    /// Of the upper voxel; 0 where only the lower one counts.
    @inline(__always)
    func weight(_ sample: Int) -> Float { weights.isEmpty ? 0 : weights[sample] }
}
