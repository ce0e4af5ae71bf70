package import Volumes

/// The smallest box of voxels that holds what is asked for: `lower` to `upper`, both included.
package struct LabelBox: Sendable, Hashable {
    package var lower: SIMD3<Int>
    package var upper: SIMD3<Int>

    package init(lower: SIMD3<Int>, upper: SIMD3<Int>) {
        self.lower = lower
        self.upper = upper
    }

    /// Voxels along each axis.
    package var size: SIMD3<Int> { upper &- lower &+ 1 }

    package var voxels: Int { size.x * size.y * size.z }

    package func union(_ other: LabelBox) -> LabelBox {
        LabelBox(lower: pointwiseMin(lower, other.lower), upper: pointwiseMax(upper, other.upper))
    }

    /// Around all voxels of a label; nil if there are none.
    package init?(of label: UInt8, in volume: Volume<UInt8>) {
        let size = SIMD3(volume.geometry.size[0], volume.geometry.size[1], volume.geometry.size[2])
        var (lower, upper) = (size, SIMD3(repeating: -1))
        volume.voxels.withUnsafeBufferPointer { voxels in
            for k in 0..<size.z {
                for j in 0..<size.y {
                    let row = voxels[(j + size.y * k) * size.x..<(j + size.y * k + 1) * size.x]
                    guard let first = row.firstIndex(of: label), let last = row.lastIndex(of: label) else { continue }
                    lower = pointwiseMin(lower, SIMD3(first - row.startIndex, j, k))
                    upper = pointwiseMax(upper, SIMD3(last - row.startIndex, j, k))
                }
            }
        }
        guard upper.x >= 0 else { return nil }
        self.init(lower: lower, upper: upper)
    }
}
