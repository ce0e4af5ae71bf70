/// `target = exp(values − offsets)` for arguments at most 0, relative error below 2e-7.
///
/// exp(x) = 2ⁿ · exp(r), n = round(x / ln 2), |r| ≤ ln 2 / 2, exp(r) by its Taylor series to r⁷; x below -87 gives 0,
/// NaN stays NaN.
package func exponentials(
    _ target: UnsafeMutablePointer<Float>, _ values: UnsafePointer<Float>, minus offsets: UnsafePointer<Float>,
    count: Int
) {
    var index = 0
    while index + 8 <= count {
        exponential(Vector(at: values + index) - Vector(at: offsets + index)).store(at: target + index)
        index += 8
    }
    for rest in index..<count { target[rest] = exponential(Vector(repeating: values[rest] - offsets[rest]))[0] }
}

@inline(__always)
func exponential(_ x: Vector) -> Vector {
    let tooSmall = x .< -87
    let bounded = x.replacing(with: Vector(repeating: -87), where: tooSmall)
    // Adding 1.5·2²³ leaves the nearest integer in the low bits.
    let magic = Vector(repeating: 0x1.8p23)
    let shifted = magic.adding(bounded, times: Vector(repeating: 1.442695041))
    let n = shifted - magic
    // ln 2 in two parts: the first is exact in few bits, so that n times it is too.
    let r = bounded.adding(n, times: Vector(repeating: -0.693359375)).adding(n, times: Vector(repeating: 2.12194440e-4))
    var p = Vector(repeating: 1 / 5040)
    for coefficient in [1 / 720, 1 / 120, 1 / 24, 1 / 6, 0.5, 1, 1] as [Float] {
        p = Vector(repeating: coefficient).adding(p, times: r)
    }
    let bits = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &- SIMD8<Int32>(repeating: 0x4B40_0000)
    let power = unsafeBitCast((bits &+ 127) &<< 23, to: Vector.self)
    return (p * power).replacing(with: 0, where: tooSmall)
}
