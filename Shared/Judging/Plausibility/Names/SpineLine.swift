import Foundation
import Volumes

/// The line along which the bones of a label map lie, from the head down, whatever their names: means of slices across
/// the direction in which they spread most, smoothed.
struct SpineLine: Sendable {
    /// Towards the head.
    let axis: SIMD3<Double>
    /// Points of the line, `step` apart along the axis, and how far down the line each lies, millimetres.
    private let points: [SIMD3<Double>]
    private let places: [Double]
    /// −axis · point of the first.
    private let start: Double

    private static let step = 10.0
    /// Standard deviation along a spine of 120 mm, millimetres; across a vertebra it is 25.
    private static let longerThanWide = 35.0
    /// Standard deviation of the smoothing, about a vertebra, millimetres.
    private static let reach = 25.0
    /// Bones farther from the line are none of a spine: a vertebra is at most 100 mm wide.
    static let widthInMillimetres = 65.0

    /// - Precondition: `samples` is not empty.
    init(_ samples: [SpineSample]) {
        let axis = Self.axis(of: samples)
        self.axis = axis
        let depths = samples.map { -axis.dot(SIMD3<Double>($0.point)) }
        let first = depths.min() ?? 0
        let count = Int(((depths.max() ?? 0) - first) / Self.step) + 2
        start = first
        let slices = depths.map { min(max(Int((($0 - first) / Self.step).rounded()), 0), count - 1) }
        let all = Self.smoothed(samples, slices, down: -axis, first: first, count: count) { _, _ in true }
        // Once more without what lies beside the spine.
        let near = Self.smoothed(samples, slices, down: -axis, first: first, count: count) { sample, slice in
            let offset = SIMD3<Double>(sample.point) - all[slice]
            return (offset - axis * offset.dot(axis)).length <= Self.widthInMillimetres
        }
        let line = near.isEmpty ? all : near
        points = line
        places = zip(line, line.dropFirst()).reduce(into: [0]) { $0.append($0[$0.count - 1] + ($1.1 - $1.0).length) }
    }

    /// How far down the line a point lies, and how far from it, millimetres.
    func position(of point: SIMD3<Double>) -> (place: Double, distance: Double) {
        var depth = -axis.dot(point)
        var (here, direction) = locate(depth)
        for _ in 0..<2 {
            depth += (point - here.point).dot(direction) / max(0.3, -axis.dot(direction))
            (here, direction) = locate(depth)
        }
        return (here.place, (point - here.point).length)
    }

    private func locate(_ depth: Double) -> (here: (point: SIMD3<Double>, place: Double), direction: SIMD3<Double>) {
        let position = (depth - start) / Self.step
        let slice = min(max(Int(position.rounded(.down)), 0), points.count - 2)
        let fraction = position - Double(slice)
        let step = points[slice + 1] - points[slice]
        let length = places[slice + 1] - places[slice]
        return ((points[slice] + step * fraction, places[slice] + length * fraction), step / length)
    }

    /// Empty if no sample counts.
    private static func smoothed(
        _ samples: [SpineSample], _ slices: [Int], down: SIMD3<Double>, first: Double, count: Int,
        counts: (SpineSample, _ slice: Int) -> Bool
    ) -> [SIMD3<Double>] {
        var sums = [SIMD4<Double>](repeating: .zero, count: count)
        for (sample, slice) in zip(samples, slices) where counts(sample, slice) {
            let weight = Double(sample.voxels)
            sums[slice] += SIMD4(SIMD3<Double>(sample.point) * weight, weight)
        }
        // Slices count alike: of a wide one the middle tells no more.
        let means = sums.enumerated().filter { $0.element.w > 0 }.map { ($0.offset, $0.element / $0.element.w) }
        guard !means.isEmpty else { return [] }
        return (0..<count).map { slice in
            let sum = means.reduce(SIMD4<Double>.zero) { sum, one in
                let distance = Double(one.0 - slice) * step
                return sum + one.1 * max(exp(-distance * distance / (2 * reach * reach)), 1e-100)
            }
            let mean = SIMD3(sum.x, sum.y, sum.z) / sum.w
            // At the slice's own depth, wherever its neighbours lie.
            return mean + down * (first + Double(slice) * step - mean.dot(down))
        }
    }

    /// The direction in which the voxels spread most, towards the head as the file has it. One or two vertebrae are
    /// wider than long, and tell none: then the file's own.
    private static func axis(of samples: [SpineSample]) -> SIMD3<Double> {
        let up = SIMD3<Double>(0, 0, 1)
        let total = samples.reduce(0) { $0 + Double($1.voxels) }
        let mean = samples.reduce(SIMD3<Double>.zero) { $0 + SIMD3<Double>($1.point) * Double($1.voxels) } / total
        var rows = [SIMD3<Double>](repeating: .zero, count: 3)
        for sample in samples {
            let offset = SIMD3<Double>(sample.point) - mean
            for row in 0..<3 { rows[row] += offset * (offset[row] * Double(sample.voxels) / total) }
        }
        func spread(_ v: SIMD3<Double>) -> SIMD3<Double> { SIMD3(rows[0].dot(v), rows[1].dot(v), rows[2].dot(v)) }
        // Power iteration; what is left across it is at most the rest of the trace.
        var axis = SIMD3<Double>(0.1, 0.1, 1).normalized
        for _ in 0..<64 {
            let next = spread(axis)
            guard next.length > 0 else { return up }
            axis = next.normalized
        }
        let along = spread(axis).length
        guard along > 1.5 * (rows[0].x + rows[1].y + rows[2].z - along) else { return up }
        // Across the file's direction only what is longer than a vertebra wide: in a thin slab ribs' stumps reach farther
        // than the spine.
        guard abs(axis.z) > 0.7 || along > longerThanWide * longerThanWide else { return up }
        return axis.z < 0 ? -axis : axis
    }
}
