/// Samples many neighbouring lines at once along an axis that is not the fastest: 32 lines side by side in vector
/// registers, their values in a small buffer that stays in the cache. Arithmetic is element by element in a fixed
/// order, so results depend on nothing but the values. With pointers: the buffer and the target come uninitialised.
struct LineSampler: Sendable {
    let samples: AxisSamples
    /// Lines worked on together.
    private static let width = 32
    private typealias Lanes = SIMD16<Float>

    init(_ samples: AxisSamples) { self.samples = samples }

    private var extent: Int {
        switch samples.kind {
        case .nearest, .linear: 0
        case .cubic(let edge), .coefficients(let edge, _): edge.extent
        }
    }

    /// Memory that `run` works in, in vectors of 16.
    var scratchCount: Int { (samples.size + 2 * extent) * 2 }

    /// - Parameters:
    ///   - source: row r of the lines begins at `source + r·sourceStride`.
    ///   - target: row r of the samples begins at `target + r·targetStride`.
    ///   - count: lines, neighbours in memory on both sides.
    func run(
        _ source: UnsafePointer<Float>, stride sourceStride: Int, to target: UnsafeMutablePointer<Float>,
        stride targetStride: Int, count: Int,
        scratch: UnsafeMutablePointer<SIMD16<Float>>
    ) {
        switch samples.kind {
        case .nearest:
            for row in 0..<samples.count {
                (target + row * targetStride).update(
                    from: source + Int(samples.lower[row]) * sourceStride, count: count)
            }
        case .linear:
            for row in 0..<samples.count {
                blendRows(
                    source + Int(samples.lower[row]) * sourceStride, source + Int(samples.upper[row]) * sourceStride,
                    samples.weights[row],
                    to: target + row * targetStride, count: count)
            }
        case .cubic(let edge), .coefficients(let edge, _):
            for first in stride(from: 0, to: count, by: Self.width) {
                let width = min(Self.width, count - first)
                load(source + first, sourceStride, width, to: scratch)
                switch edge {
                case .repeated:
                    repeatEnds(scratch)
                    filter(scratch, samples.size + 2 * extent)
                case .mirrored:
                    filter(scratch + 2 * extent, samples.size)
                    mirrorEnds(scratch)
                }
                evaluate(scratch, to: target + first, targetStride, width)
            }
        }
    }

    /// Rows of up to 32 values, one behind the other; lines that are not there are 0.
    private func load(
        _ source: UnsafePointer<Float>, _ sourceStride: Int, _ width: Int, to scratch: UnsafeMutablePointer<Lanes>
    ) {
        let rows = UnsafeMutableRawPointer(scratch + 2 * extent).assumingMemoryBound(to: Float.self)
        if width < Self.width { rows.update(repeating: 0, count: samples.size * Self.width) }
        for row in 0..<samples.size {
            (rows + row * Self.width).update(from: source + row * sourceStride, count: width)
        }
    }

    private func repeatEnds(_ rows: UnsafeMutablePointer<Lanes>) {
        let (first, last) = (2 * extent, 2 * (extent + samples.size - 1))
        for row in 0..<extent {
            for half in 0..<2 {
                rows[2 * row + half] = rows[first + half]
                rows[last + 2 * (row + 1) + half] = rows[last + half]
            }
        }
    }

    private func mirrorEnds(_ rows: UnsafeMutablePointer<Lanes>) {
        let line = rows + 2 * extent
        for beyond in 1...extent {
            for half in 0..<2 {
                line[-2 * beyond + half] = line[2 * Spline.mirrored(-beyond, samples.size) + half]
                line[2 * (samples.size - 1 + beyond) + half] =
                    line[2 * Spline.mirrored(samples.size - 1 + beyond, samples.size) + half]
            }
        }
    }

    /// Values to coefficients in place; the line is taken as mirrored at its ends.
    private func filter(_ rows: UnsafeMutablePointer<Lanes>, _ count: Int) {
        guard count > 1 else { return }
        let z = Float(Spline.pole)
        var (a, b) = (Lanes.zero, Lanes.zero)
        var power = 1.0
        for n in 0..<Spline.horizon {
            let row = 2 * Spline.mirrored(n, count)
            a += rows[row] * Float(6 * power)
            b += rows[row + 1] * Float(6 * power)
            power *= Spline.pole
        }
        (rows[0], rows[1]) = (a, b)
        for row in 1..<count {
            a = rows[2 * row] * 6 + a * z
            b = rows[2 * row + 1] * 6 + b * z
            (rows[2 * row], rows[2 * row + 1]) = (a, b)
        }
        let end = 2 * (count - 1)
        let factor = Float(Spline.pole / (Spline.pole * Spline.pole - 1))
        a = (rows[end - 2] * z + rows[end]) * factor
        b = (rows[end - 1] * z + rows[end + 1]) * factor
        (rows[end], rows[end + 1]) = (a, b)
        for row in stride(from: count - 2, through: 0, by: -1) {
            a = (a - rows[2 * row]) * z
            b = (b - rows[2 * row + 1]) * z
            (rows[2 * row], rows[2 * row + 1]) = (a, b)
        }
    }

    private func evaluate(
        _ rows: UnsafeMutablePointer<Lanes>, to target: UnsafeMutablePointer<Float>, _ targetStride: Int, _ width: Int
    ) {
        if case .coefficients(_, let margin) = samples.kind {
            for row in 0..<samples.count {
                let from = rows + 2 * (row + extent - margin)
                store(from[0], from[1], to: target + row * targetStride, width)
            }
            return
        }
        samples.weights.withUnsafeBufferPointer { weights in
            for row in 0..<samples.count {
                let from = rows + 2 * Int(samples.lower[row])
                let (p, q, r, s) = (weights[4 * row], weights[4 * row + 1], weights[4 * row + 2], weights[4 * row + 3])
                let a = from[0] * p + from[2] * q + (from[4] * r + from[6] * s)
                let b = from[1] * p + from[3] * q + (from[5] * r + from[7] * s)
                store(a, b, to: target + row * targetStride, width)
            }
        }
    }

    @inline(__always)
    private func store(_ a: Lanes, _ b: Lanes, to target: UnsafeMutablePointer<Float>, _ width: Int) {
        if width == Self.width {
            let raw = UnsafeMutableRawPointer(target)
            raw.storeBytes(of: a, as: Lanes.self)
            raw.storeBytes(of: b, toByteOffset: 64, as: Lanes.self)
            return
        }
        for lane in 0..<width { target[lane] = lane < 16 ? a[lane] : b[lane - 16] }
    }
}

/// `lower + (upper − lower)·weight`, element by element.
@inline(__always)
func blendRows(
    _ lower: UnsafePointer<Float>, _ upper: UnsafePointer<Float>, _ weight: Float,
    to target: UnsafeMutablePointer<Float>, count: Int
) {
    if weight == 0 { return target.update(from: lower, count: count) }
    for index in 0..<count { target[index] = lower[index] + (upper[index] - lower[index]) * weight }
}
