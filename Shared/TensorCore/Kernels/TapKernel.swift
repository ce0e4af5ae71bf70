/// The inner loop of every 3×3×3 convolution: 4 target channels × 24 positions in 12 registers.
///
/// `target[j][p] = Σ_t weights[t][j] · source[offsets[t] + p]` for j in 0..<4, p in 0..<24, t over all taps of all source channels.
/// Each step is 3 loads, 4 broadcasts and 12 fused multiply-adds: bound by the multiply-add units (107 GFLOP/s on one core where
/// the peak is about 115). `targetStride` is in floats, between the four target channels.
@inline(__always)
func accumulateTaps(
    target: UnsafeMutablePointer<Float>, targetStride: Int, source: UnsafePointer<Float>, offsets: UnsafePointer<Int32>,
    weights: UnsafePointer<Float>, count: Int
) {
    var a0 = Vector(), a1 = Vector(), a2 = Vector()
    var b0 = Vector(), b1 = Vector(), b2 = Vector()
    var c0 = Vector(), c1 = Vector(), c2 = Vector()
    var d0 = Vector(), d1 = Vector(), d2 = Vector()
    var weight = weights
    for tap in 0..<count {
        let position = source + Int(offsets[tap])
        let x0 = Vector(at: position), x1 = Vector(at: position + 8), x2 = Vector(at: position + 16)
        let a = Vector(repeating: weight[0])
        a0 = a0.adding(x0, times: a)
        a1 = a1.adding(x1, times: a)
        a2 = a2.adding(x2, times: a)
        let b = Vector(repeating: weight[1])
        b0 = b0.adding(x0, times: b)
        b1 = b1.adding(x1, times: b)
        b2 = b2.adding(x2, times: b)
        let c = Vector(repeating: weight[2])
        c0 = c0.adding(x0, times: c)
        c1 = c1.adding(x1, times: c)
        c2 = c2.adding(x2, times: c)
        let d = Vector(repeating: weight[3])
        d0 = d0.adding(x0, times: d)
        d1 = d1.adding(x1, times: d)
        d2 = d2.adding(x2, times: d)
        weight += 4
    }
    store(a0, a1, a2, at: target)
    store(b0, b1, b2, at: target + targetStride)
    store(c0, c1, c2, at: target + targetStride * 2)
    store(d0, d1, d2, at: target + targetStride * 3)
}

@inline(__always)
private func store(_ first: Vector, _ second: Vector, _ third: Vector, at target: UnsafeMutablePointer<Float>) {
    first.store(at: target)
    second.store(at: target + 8)
    third.store(at: target + 16)
}

/// The inner loop of the weight gradient: 4 target channels × 3 taps along the width, summed over `count` vectors of positions.
///
/// Adds `Σ_p gradient[j][p] · source[k][p]` to `sums[j·3 + k]`; the sum runs in 8 lanes, which `CorrelationSums.fold` adds up.
@inline(__always)
func correlateTaps(
    sums: inout CorrelationSums, gradient: UnsafePointer<Float>, gradientStride: Int,
    sources: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>), vectors: Int
) {
    var s = sums
    for vector in 0..<vectors {
        let p = vector * 8
        let x0 = Vector(at: sources.0 + p), x1 = Vector(at: sources.1 + p), x2 = Vector(at: sources.2 + p)
        let a = Vector(at: gradient + p)
        s.a0 = s.a0.adding(x0, times: a)
        s.a1 = s.a1.adding(x1, times: a)
        s.a2 = s.a2.adding(x2, times: a)
        let b = Vector(at: gradient + gradientStride + p)
        s.b0 = s.b0.adding(x0, times: b)
        s.b1 = s.b1.adding(x1, times: b)
        s.b2 = s.b2.adding(x2, times: b)
        let c = Vector(at: gradient + gradientStride * 2 + p)
        s.c0 = s.c0.adding(x0, times: c)
        s.c1 = s.c1.adding(x1, times: c)
        s.c2 = s.c2.adding(x2, times: c)
        let d = Vector(at: gradient + gradientStride * 3 + p)
        s.d0 = s.d0.adding(x0, times: d)
        s.d1 = s.d1.adding(x1, times: d)
        s.d2 = s.d2.adding(x2, times: d)
    }
    sums = s
}

/// Twelve running sums in 8 lanes each: target channels a–d, taps 0–2.
struct CorrelationSums {
    var a0 = Vector(), a1 = Vector(), a2 = Vector()
    var b0 = Vector(), b1 = Vector(), b2 = Vector()
    var c0 = Vector(), c1 = Vector(), c2 = Vector()
    var d0 = Vector(), d1 = Vector(), d2 = Vector()

    /// Adds the three taps of target channel j to `totals[j · stride]` and the two after it.
    @inline(__always)
    func fold(into totals: UnsafeMutablePointer<Double>, stride: Int) {
        add(a0, a1, a2, totals)
        add(b0, b1, b2, totals + stride)
        add(c0, c1, c2, totals + stride * 2)
        add(d0, d1, d2, totals + stride * 3)
    }

    @inline(__always)
    private func add(_ first: Vector, _ second: Vector, _ third: Vector, _ totals: UnsafeMutablePointer<Double>) {
        totals[0] += Double(lanes(first))
        totals[1] += Double(lanes(second))
        totals[2] += Double(lanes(third))
    }

    @inline(__always)
    private func lanes(_ v: Vector) -> Float {
        let four = v.lowHalf + v.highHalf
        let two = four.lowHalf + four.highHalf
        return two.x + two.y
    }
}
