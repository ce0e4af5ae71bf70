import Statistics

/// Smooth random numbers over a window: even numbers on a coarse lattice, joined by cubic B-splines.
enum SmoothField {
    /// Deviation about 1, whatever the lattice.
    /// - Parameter scale: between the lattice's points, mm.
    static func draw(_ window: SceneWindow, scale: Float, _ random: inout SplitMix64) -> Samples<Float> {
        let axes = (0..<3).map { Axis(count: window.size[$0], step: scale / window.spacing[$0]) }
        let counts = axes.map(\.nodes)
        let lattice = Samples<Float>(counts[0] * counts[1] * counts[2])
        // An even number in ±1 has the deviation 0.577; three splines of it on average (0.4794)^1.5 of that.
        for index in 0..<lattice.count { lattice[index] = random.signed() * 5.2 }
        let (width, height, depth) = (window.size[0], window.size[1], window.size[2])
        let rows = Samples<Float>(width * counts[1] * counts[2])
        for row in 0..<counts[1] * counts[2] {
            let from = lattice.base + row * counts[0]
            let to = rows.base + row * width
            for i in 0..<width {
                let (at, weights) = axes[0].taps[i]
                to[i] =
                    weights.x * from[at] + weights.y * from[at + 1] + weights.z * from[at + 2] + weights.w
                    * from[at + 3]
            }
        }
        let planes = Samples<Float>(width * height * counts[2])
        for k in 0..<counts[2] {
            for j in 0..<height {
                let (at, weights) = axes[1].taps[j]
                blend(
                    rows.base + (k * counts[1] + at) * width, width, weights, planes.base + (k * height + j) * width,
                    width)
            }
        }
        let field = Samples<Float>(width * height * depth)
        let plane = width * height
        for k in 0..<depth {
            let (at, weights) = axes[2].taps[k]
            blend(planes.base + at * plane, plane, weights, field.base + k * plane, plane)
        }
        return field
    }

    /// Four runs, `stride` apart, into one.
    @inline(__always)
    private static func blend(
        _ from: UnsafePointer<Float>, _ stride: Int, _ weights: SIMD4<Float>, _ to: UnsafeMutablePointer<Float>,
        _ count: Int
    ) {
        let (a, b, c, d) = (from, from + stride, from + 2 * stride, from + 3 * stride)
        for i in 0..<count {
            to[i] = weights.x * a[i] + weights.y * b[i] + weights.z * c[i] + weights.w * d[i]
        }
    }

    /// The four nodes that each voxel along an axis sees.
    private struct Axis {
        let nodes: Int
        let taps: [(at: Int, weights: SIMD4<Float>)]

        init(count: Int, step: Float) {
            taps = (0..<count).map { index in
                let place = Float(index) / step
                let at = place.rounded(.down)
                let t = place - at
                let s = 1 - t
                let weights = SIMD4<Float>(
                    s * s * s, 3 * t * t * t - 6 * t * t + 4, 3 * s * s * s - 6 * s * s + 4, t * t * t)
                return (Int(at), weights / 6)
            }
            nodes = (taps.last?.at ?? 0) + 4
        }
    }
}
