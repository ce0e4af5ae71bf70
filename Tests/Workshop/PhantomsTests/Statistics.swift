import Volumes

enum Statistics {
    /// Voxels per label value.
    static func counts(_ labels: Volume<UInt8>) -> [Int] {
        labels.voxels.reduce(into: [Int](repeating: 0, count: 26)) { $0[Int($1)] += 1 }
    }

    /// Mean position of every label that is there, RAS+ millimetres.
    static func centres(_ labels: Volume<UInt8>) -> [UInt8: SIMD3<Double>] {
        var sums = [UInt8: (sum: SIMD3<Double>, count: Double)]()
        let size = labels.geometry.size
        for k in 0..<size[2] {
            for j in 0..<size[1] {
                for i in 0..<size[0] where labels[i, j, k] > 0 {
                    let index = SIMD3(Double(i), Double(j), Double(k))
                    let old = sums[labels[i, j, k]] ?? (.zero, 0)
                    sums[labels[i, j, k]] = (old.sum + index, old.count + 1)
                }
            }
        }
        return sums.mapValues { labels.geometry.affine.applied(to: $0.sum / $0.count) }
    }
}
