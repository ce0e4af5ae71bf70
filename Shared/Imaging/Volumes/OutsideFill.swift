/// Gives voxels that lie outside the volume they were sampled from a value of their own.
struct OutsideFill {
    /// Along i, j, k of the result.
    let axes: [AxisSamples]

    func run<Voxel: BitwiseCopyable>(_ voxels: inout [Voxel], with value: Voxel) {
        let size = axes.map(\.count)
        let inside = axes.map(\.inside)
        if zip(inside, size).allSatisfy({ $0 == 0..<$1 }) { return }
        voxels.withUnsafeMutableBufferPointer { voxels in
            guard let voxels = voxels.baseAddress else { return }
            for k in 0..<size[2] {
                for j in 0..<size[1] {
                    let row = voxels + size[0] * (j + size[1] * k)
                    guard inside[2].contains(k), inside[1].contains(j) else {
                        row.update(repeating: value, count: size[0])
                        continue
                    }
                    row.update(repeating: value, count: inside[0].lowerBound)
                    (row + inside[0].upperBound).update(repeating: value, count: size[0] - inside[0].upperBound)
                }
            }
        }
    }
}
