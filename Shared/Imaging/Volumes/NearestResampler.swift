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
        let lower = axes[0].lower
        return [Voxel](unsafeUninitializedCapacity: size.reduce(1, *)) { result, count in
            let result = SharedPointer(result)
            pool.forEach(count: size[2]) { k in
                let columns = lower.span
                for j in 0..<size[1] {
                    let first = Int(axes[2].lower[k]) * area + Int(axes[1].lower[j]) * width
                    let row = voxels.span.extracting(first..<first + width)
                    let target = result.part(size[0] * (j + size[1] * k), size[0])
                    if isWhole {
                        row.withUnsafeBufferPointer { _ = target.update(fromContentsOf: $0) }
                    } else {
                        // Unchecked, or labels take a fifth longer: the tables hold places of the axis only.
                        for i in columns.indices { target[i] = row[unchecked: Int(columns[unchecked: i])] }
                    }
                }
            }
            count = size.reduce(1, *)
        }
    }
}
