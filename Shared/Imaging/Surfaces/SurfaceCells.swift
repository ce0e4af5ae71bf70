package import Volumes

/// The 2×2×2 neighbourhoods that touch a box of voxels: one more than voxels along each axis. What lies beyond the
/// volume is outside any label.
package struct SurfaceCells: Sendable {
    /// The voxel at the lower corner of cell (0, 0, 0): one before the box.
    package let first: SIMD3<Int>
    package let size: SIMD3<Int>
    private let volumeSize: SIMD3<Int>

    package init(box: LabelBox, size: [Int]) {
        first = box.lower &- 1
        self.size = box.size &+ 1
        volumeSize = SIMD3(size[0], size[1], size[2])
    }

    package var count: Int { size.x * size.y * size.z }

    /// Adds `bit` to the cells of `sites` (one byte a cell, i fastest) that the label's surface passes: corners both
    /// inside and outside.
    package func mark(_ label: UInt8, in volume: Volume<UInt8>, bit: UInt8, sites: inout [UInt8]) {
        let area = size.x * size.y
        var all = sites.mutableSpan
        for k in 0..<size.z { mark(label, in: volume, bit: bit, slice: k, sites: &all, from: area * k) }
    }

    /// The same for the cells of one slice, whose sites begin at `start`.
    package func mark(
        _ label: UInt8, in volume: Volume<UInt8>, bit: UInt8, slice k: Int, sites: inout MutableSpan<UInt8>,
        from start: Int = 0
    ) {
        // Which of the four voxels in each column of a row of cells have the label.
        var columns = [UInt8](repeating: 0, count: size.x + 1)
        var column = columns.mutableSpan
        for j in 0..<size.y {
            var hasLabel = false
            for corner in 0..<4 where add(corner, j, k, label, volume, &column) { hasLabel = true }
            guard hasLabel else { continue }
            let row = start + size.x * j
            for i in 0..<size.x {
                let (one, other) = (column[i], column[i + 1])
                if one | other != 0, one & other != 15 { sites[row + i] |= bit }
                column[i] = 0
            }
            column[size.x] = 0
        }
    }

    /// Returns whether the row of voxels at one corner of row (j, k) has the label at all.
    private func add(
        _ corner: Int, _ j: Int, _ k: Int, _ label: UInt8, _ volume: Volume<UInt8>, _ column: inout MutableSpan<UInt8>
    ) -> Bool {
        let (y, z) = (first.y + j + corner & 1, first.z + k + corner >> 1)
        guard y >= 0, z >= 0, y < volumeSize.y, z < volumeSize.z else { return false }
        let row = volume.voxels.span.extracting(volume.row(y, z))
        let mark = UInt8(1 << corner)
        let end = min(volumeSize.x, first.x + size.x + 1)
        var i = ByteRow.next(label, in: row, from: max(0, first.x), to: end)
        let hasLabel = i < end
        while i < end {
            column[i - first.x] |= mark
            i = ByteRow.next(label, in: row, from: i + 1, to: end)
        }
        return hasLabel
    }
}

extension CubeCase {
    /// The code of the cube whose lower corner is voxel `corner`, which can lie outside the volume, as any of the
    /// others.
    package static func code(
        of label: UInt8, in voxels: Span<UInt8>, size: SIMD3<Int>, at corner: SIMD3<Int>
    ) -> UInt8 {
        // Without words, which would keep it from being inlined: it is asked for every cell.
        precondition(voxels.count == size.x * size.y * size.z)
        var code: UInt8 = 0
        for bit in 0..<8 {
            let (x, y, z) = (corner.x + bit & 1, corner.y + bit >> 1 & 1, corner.z + bit >> 2)
            guard x >= 0, y >= 0, z >= 0, x < size.x, y < size.y, z < size.z else { continue }
            if voxels[unchecked: x + size.x * (y + size.y * z)] == label { code |= 1 << UInt8(bit) }
        }
        return code
    }
}
