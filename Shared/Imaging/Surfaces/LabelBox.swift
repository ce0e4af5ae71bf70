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
        for k in 0..<size.z {
            for j in 0..<size.y {
                let row = volume.voxels.span.extracting(volume.row(j, k))
                let first = ByteRow.next(label, in: row, from: 0, to: size.x)
                guard first < size.x, let last = row.indices.last(where: { row[$0] == label }) else { continue }
                lower = pointwiseMin(lower, SIMD3(first, j, k))
                upper = pointwiseMax(upper, SIMD3(last, j, k))
            }
        }
        guard upper.x >= 0 else { return nil }
        self.init(lower: lower, upper: upper)
    }
}
