/// `target = valuesᵉ` for values in 0 ... 1 and a positive exponent e, relative error below 6e-6. Target and values may
/// be the same memory.
///
/// vᵉ = exp(e · ln v); with v = 2ⁿ · m and m between √½ and √2, ln m = 2 artanh s by its series to s⁹,
/// s = (m − 1) / (m + 1). NaN stays NaN.
package func powers(
    _ target: UnsafeMutablePointer<Float>, _ values: UnsafePointer<Float>, exponent: Float, count: Int
) {
    var index = 0
    while index + 8 <= count {
        power(Vector(at: values + index), exponent).store(at: target + index)
        index += 8
    }
    for rest in index..<count { target[rest] = power(Vector(repeating: values[rest]), exponent)[0] }
}

@inline(__always)
private func power(_ x: Vector, _ exponent: Float) -> Vector {
    // Subnormal numbers have another exponent than their bits say, and count as 0.
    let isZero = x .< Float.leastNormalMagnitude
    let bits = unsafeBitCast(x, to: SIMD8<Int32>.self)
    // √½ as bits: what is added carries into the exponent from m = √2 on.
    let n = (bits &- 0x3F35_04F3) &>> 23
    let m = unsafeBitCast(bits &- (n &<< 23), to: Vector.self)
    let s = (m - 1) / (m + 1)
    let square = s * s
    var series = Vector(repeating: 1 / 9)
    for coefficient in [1 / 7, 1 / 5, 1 / 3, 1] as [Float] {
        series = Vector(repeating: coefficient).adding(series, times: square)
    }
    // Whole numbers of 8 bits as floats: the magic number 1.5 · 2²³ holds them in its low bits.
    let whole = unsafeBitCast(n &+ 0x4B40_0000, to: Vector.self) - 0x1.8p23
    let logarithm = (2 * s * series).adding(whole, times: Vector(repeating: 0.693147181))
    return exponential(logarithm * exponent).replacing(with: 0, where: isZero)
}
