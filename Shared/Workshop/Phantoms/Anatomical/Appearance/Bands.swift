#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How each voxel along an axis is mixed from its neighbours on that axis: blurs, thick slices.
struct Bands: Sendable {
    /// By voxel: the first one that it takes from, and the weights from there on.
    let rows: [(first: Int, weights: [Float])]

    private init(count: Int, weight: (_ to: Int, _ from: Int) -> Float, reach: Int) {
        rows = (0..<count).map { to in
            let first = max(to - reach, 0)
            let last = min(to + reach, count - 1)
            let weights = (first...last).map { weight(to, $0) }
            let sum = weights.reduce(0, +)
            return (first, weights.map { $0 / sum })
        }
    }

    /// A Gaussian, `deviation` voxels wide.
    init(count: Int, deviation: Float) {
        let reach = max(Int((3 * deviation).rounded(.up)), 1)
        self.init(
            count: count, weight: { expf(-0.5 * Float(($0 - $1) * ($0 - $1)) / (deviation * deviation)) }, reach: reach)
    }

    /// What slices of a thickness, side by side, leave of an axis when they are interpolated again.
    /// - Parameters:
    ///   - thickness: in voxels, above 1.
    ///   - phase: where the first slice's middle lies, voxels.
    init(count: Int, thickness: Float, phase: Float) {
        func overlap(_ slice: Float, _ voxel: Int) -> Float {
            let (low, high) = (slice - thickness / 2, slice + thickness / 2)
            return max(min(high, Float(voxel) + 0.5) - max(low, Float(voxel) - 0.5), 0)
        }
        self.init(
            count: count,
            weight: { to, from in
                let place = (Float(to) - phase) / thickness
                let below = place.rounded(.down)
                let part = place - below
                let (low, high) = (phase + below * thickness, phase + (below + 1) * thickness)
                return (1 - part) * overlap(low, from) + part * overlap(high, from) + 1e-9
            }, reach: Int((2 * thickness).rounded(.up)) + 1)
    }

    /// Every voxel of `from` mixed along an axis (0 = i) into `to`.
    func apply(_ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>, size: [Int], axis: Int) {
        let stride = axis == 0 ? 1 : axis == 1 ? size[0] : size[0] * size[1]
        let outer = axis == 0 ? size[1] * size[2] : axis == 1 ? size[2] : 1
        let block = stride * size[axis]
        for part in 0..<outer {
            let (source, target) = (from + part * block, to + part * block)
            for (index, row) in rows.enumerated() {
                row.weights.withUnsafeBufferPointer { weights in
                    if axis == 0 {
                        var sum: Float = 0
                        for tap in 0..<weights.count { sum += weights[tap] * source[row.first + tap] }
                        target[index] = sum
                        return
                    }
                    let line = target + index * stride
                    let first = source + row.first * stride
                    for i in 0..<stride { line[i] = weights[0] * first[i] }
                    for tap in 1..<max(weights.count, 1) {
                        let (weight, other) = (weights[tap], first + tap * stride)
                        for i in 0..<stride { line[i] += weight * other[i] }
                    }
                }
            }
        }
    }
}
