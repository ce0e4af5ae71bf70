/// Gives voxels that lie outside the volume they were sampled from a value of their own.
struct OutsideFill {
    /// Along i, j, k of the result.
    let axes: [AxisSamples]

    func run<Voxel: BitwiseCopyable>(_ voxels: inout [Voxel], with value: Voxel) {
        let size = axes.map(\.count)
        let inside = axes.map(\.inside)
        if zip(inside, size).allSatisfy({ $0 == 0..<$1 }) { return }
        var voxels = voxels.mutableSpan
        for k in 0..<size[2] {
            for j in 0..<size[1] {
                let first = size[0] * (j + size[1] * k)
                let isInside = inside[2].contains(k) && inside[1].contains(j)
                let kept = isInside ? inside[0] : 0..<0
                for index in first..<first + kept.lowerBound { voxels[index] = value }
                for index in first + kept.upperBound..<first + size[0] { voxels[index] = value }
            }
        }
    }
}
