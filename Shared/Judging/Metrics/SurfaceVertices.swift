import Surfaces
import Volumes

/// The vertices of one side's marching-cubes surface: halfway between each voxel of the label and each face neighbour
/// without it.
struct SurfaceVertices: Sendable {
    let label: UInt8
    let side: Side
    let pair: LabelPair
    let cells: SurfaceCells

    /// Calls `body` for every vertex of the voxels at the upper corner of slice k's cells: where it is (in voxels), a
    /// cell beside it (as a position in the box's cells), and whether the other side's surface has the same vertex.
    func forEach(slice k: Int, _ body: (_ point: SIMD3<Double>, _ cell: Int, _ isShared: Bool) -> Void) {
        let z = cells.first.z + k
        guard z >= 0, z < pair.size.z else { return }
        let (volume, others) = (pair[side], pair[side.other])
        let (own, other) = (volume.voxels.span, others.voxels.span)
        for y in max(0, cells.first.y)..<min(pair.size.y, cells.first.y + cells.size.y) {
            let row = own.extracting(volume.row(y, z))
            let end = min(pair.size.x, cells.first.x + cells.size.x)
            var x = ByteRow.next(label, in: row, from: max(0, cells.first.x), to: end)
            while x < end {
                vertices(around: SIMD3(x, y, z), own, other, body)
                x = ByteRow.next(label, in: row, from: x + 1, to: end)
            }
        }
    }

    private func vertices(
        around voxel: SIMD3<Int>, _ own: Span<UInt8>, _ other: Span<UInt8>,
        _ body: (SIMD3<Double>, Int, Bool) -> Void
    ) {
        let (size, strides) = (pair.size, SIMD3(1, pair.size.x, pair.size.x * pair.size.y))
        let place = (voxel &* strides).wrappedSum()
        let local = voxel &- cells.first
        let cell = local.x + cells.size.x * (local.y + cells.size.y * local.z)
        let cellStrides = SIMD3(1, cells.size.x, cells.size.x * cells.size.y)
        for axis in 0..<3 {
            for direction in [-1, 1] {
                let neighbour = voxel[axis] + direction
                let isInside = neighbour >= 0 && neighbour < size[axis]
                let beside = place + direction * strides[axis]
                if isInside, own[beside] == label { continue }
                var point = SIMD3<Double>(voxel)
                point[axis] += 0.5 * Double(direction)
                let isShared = (other[place] == label) != (isInside && other[beside] == label)
                body(point, direction < 0 ? cell - cellStrides[axis] : cell, isShared)
            }
        }
    }
}
