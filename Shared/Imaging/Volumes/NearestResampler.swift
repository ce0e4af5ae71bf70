import Threads

/// Samples a grid whose axes run along the source's by nearest voxels.
struct NearestResampler: Sendable {
    /// Along i, j, k.
    let axes: [AxisSamples]
    let pool: ComputePool

    @inline(__always)
    func sampled<Voxel: BitwiseCopyable & Sendable>(_ voxels: [Voxel]) -> [Voxel] {
        let size = axes.map(\.count)
        let (width, area) = (axes[0].size, axes[0].size * axes[1].size)
        let isWhole = axes[0].isIdentity
        return [Voxel](unsafeUninitializedCapacity: size.reduce(1, *)) { result, count in
            let result = SharedPointer(result)
            pool.forEach(count: size[2]) { k in
                voxels.withUnsafeBufferPointer { voxels in
                    axes[0].lower.withUnsafeBufferPointer { columns in
                        guard let voxels = voxels.baseAddress else { return }
                        let layer = voxels + Int(axes[2].lower[k]) * area
                        for j in 0..<size[1] {
                            let row = layer + Int(axes[1].lower[j]) * width
                            let target = result.base + size[0] * (j + size[1] * k)
                            if isWhole {
                                target.update(from: row, count: width)
                            } else {
                                for i in 0..<columns.count { target[i] = row[Int(columns[i])] }
                            }
                        }
                    }
                }
            }
            count = size.reduce(1, *)
        }
    }
}
