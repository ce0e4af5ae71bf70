import Threads
import Volumes

/// Lays slices on the regular grid of a `SliceResampling`, on all cores.
struct SliceGrid<Voxel: BitwiseCopyable & Sendable> {
    let resampling: SliceResampling
    /// Columns, rows of the slices.
    let planeSize: [Int]
    /// Of all slices.
    let values: [Voxel]
    let number: @Sendable (Voxel) -> Float
    let voxel: @Sendable (Float) -> Voxel
    /// Padding is not mixed with tissue: beside it the nearest pixel is taken.
    let padding: Float?

    /// Where no slice reaches: the padding's value, or the lowest one of the series, which is air.
    var fill: Float { padding ?? values.lazy.map(number).min() ?? -1024 }

    func resampled() -> [Voxel] {
        let fill = fill
        let size = resampling.size
        let count = size[0] * size[1]
        return values.withUnsafeBufferPointer { source in
            let source = source
            return [Voxel](unsafeUninitializedCapacity: count * size[2]) { buffer, filled in
                let target = SharedPointer(buffer)
                let input = SharedPointer(reading: source)
                ComputePool.shared.forEach(count: size[2]) { k in
                    let plane = resampling.planes[k]
                    for j in 0..<size[1] {
                        for i in 0..<size[0] {
                            target.base[k * count + j * size[0] + i] = voxel(
                                value(i, j, plane, input.base) ?? fill)
                        }
                    }
                }
                filled = count * size[2]
            }
        }
    }

    private func value(_ i: Int, _ j: Int, _ plane: SliceResampling.Plane, _ source: UnsafePointer<Voxel>) -> Float? {
        if plane.weight == 0 { return pixel(i, j, plane.below, source) }
        if plane.weight == 1 { return pixel(i, j, plane.below + 1, source) }
        guard let low = pixel(i, j, plane.below, source) else { return pixel(i, j, plane.below + 1, source) }
        guard let high = pixel(i, j, plane.below + 1, source) else { return low }
        if let padding, low == padding || high == padding { return plane.weight < 0.5 ? low : high }
        return low + (high - low) * Float(plane.weight)
    }

    /// Of one slice at a pixel of the grid's plane; nil outside of it.
    private func pixel(_ i: Int, _ j: Int, _ slice: Int, _ source: UnsafePointer<Voxel>) -> Float? {
        let shift = resampling.shifts[slice]
        let (x, y) = (Double(i) - shift.x, Double(j) - shift.y)
        let (columns, rows) = (planeSize[0], planeSize[1])
        guard x > -1e-6, y > -1e-6, x < Double(columns - 1) + 1e-6, y < Double(rows - 1) + 1e-6 else { return nil }
        let (left, top) = (min(max(Int(x + 1e-6), 0), columns - 1), min(max(Int(y + 1e-6), 0), rows - 1))
        let (right, bottom) = (min(left + 1, columns - 1), min(top + 1, rows - 1))
        let (across, down) = (max(0, x - Double(left)), max(0, y - Double(top)))
        let first = source + slice * columns * rows
        let corner = number(first[top * columns + left])
        if across < 1e-6, down < 1e-6 { return corner }
        let corners = SIMD4(
            corner, number(first[top * columns + right]), number(first[bottom * columns + left]),
            number(first[bottom * columns + right]))
        if let padding, any(corners .== padding) { return corners[(down < 0.5 ? 0 : 2) + (across < 0.5 ? 0 : 1)] }
        let upper = corners[0] + (corners[1] - corners[0]) * Float(across)
        let lower = corners[2] + (corners[3] - corners[2]) * Float(across)
        return upper + (lower - upper) * Float(down)
    }
}
