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
                voxels.withUnsafeBufferPointer { voxels in
                    guard let voxels = voxels.baseAddress else { return }
                    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * width) { memory in
                        guard let memory = memory.baseAddress else { return }
                        let (near, nearWeight) = (voxels + Int(axes[2].lower[k]) * area, axes[2].weight(k))
                        let far = voxels + Int(axes[2].upper[k]) * area
                        for j in 0..<size[1] {
                            let (low, high) = (Int(axes[1].lower[j]) * width, Int(axes[1].upper[j]) * width)
                            let row = Self.row(
                                near + low, near + high, far + low, far + high, axes[1].weight(j), nearWeight,
                                memory: memory, count: width)
                            read(row, to: result.base + size[0] * (j + size[1] * k))
                        }
                    }
                }
            }
            count = size.reduce(1, *)
        }
    }

    /// The row between four, or the only one that counts.
    @inline(__always)
    private static func row(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafePointer<Float>, _ d: UnsafePointer<Float>,
        _ y: Float, _ z: Float,
        memory: UnsafeMutablePointer<Float>, count: Int
    ) -> UnsafePointer<Float> {
        if y == 0, z == 0 { return a }
        if z == 0 {
            blendRows(a, b, y, to: memory, count: count)
        } else if y == 0 {
            blendRows(a, c, z, to: memory, count: count)
        } else {
            for index in 0..<count {
                let near = a[index] + (b[index] - a[index]) * y
                let far = c[index] + (d[index] - c[index]) * y
                memory[index] = near + (far - near) * z
            }
        }
        return UnsafePointer(memory)
    }

    @inline(__always)
    private func read(_ row: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
        let axis = axes[0]
        axis.lower.withUnsafeBufferPointer { lower in
            if axis.weights.isEmpty {
                for i in 0..<lower.count { target[i] = row[Int(lower[i])] }
                return
            }
            axis.upper.withUnsafeBufferPointer { upper in
                axis.weights.withUnsafeBufferPointer { weights in
                    for i in 0..<lower.count {
                        let value = row[Int(lower[i])]
                        target[i] = value + (row[Int(upper[i])] - value) * weights[i]
                    }
                }
            }
        }
    }
}

extension AxisSamples {
    /// Of the upper voxel; 0 where only the lower one counts.
    @inline(__always)
    func weight(_ sample: Int) -> Float { weights.isEmpty ? 0 : weights[sample] }
}
