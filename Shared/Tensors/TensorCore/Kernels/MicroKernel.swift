/// Sixteen floats: the width of one panel of weights, two AVX2 registers (one where there is AVX-512).
typealias Panel = SIMD16<Float>

extension Panel {
    @inline(__always) init(at address: UnsafePointer<Float>) {
        self = UnsafeRawPointer(address).loadUnaligned(as: Panel.self)
    }
    @inline(__always) func store(at address: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(address).storeBytes(of: self, as: Panel.self)
    }
}

/// The inner loop of every convolution: six rows by sixteen columns in twelve registers.
///
/// Each step is two loads, six broadcasts and twelve fused multiply-adds: bound by the multiply-add units. Strides are
/// in floats.
struct SixRows {
    private var a = Panel(), b = Panel(), c = Panel()
    private var d = Panel(), e = Panel(), f = Panel()

    @inline(__always) init() {}

    /// Adds `Σ_i source[r·rowStride + i] · weights[i·16 + k]`, i in 0..<length, to each row r in 0..<6 and column k in
    /// 0..<16.
    @inline(__always)
    mutating func add(_ source: UnsafePointer<Float>, rowStride: Int, length: Int, weights: UnsafePointer<Float>) {
        var (a, b, c, d, e, f) = (a, b, c, d, e, f)
        for i in 0..<length {
            let w = Panel(at: weights + i * 16)
            let x = source + i
            a = a.adding(Panel(repeating: x[0]), times: w)
            b = b.adding(Panel(repeating: x[rowStride]), times: w)
            c = c.adding(Panel(repeating: x[rowStride * 2]), times: w)
            d = d.adding(Panel(repeating: x[rowStride * 3]), times: w)
            e = e.adding(Panel(repeating: x[rowStride * 4]), times: w)
            f = f.adding(Panel(repeating: x[rowStride * 5]), times: w)
        }
        (self.a, self.b, self.c, self.d, self.e, self.f) = (a, b, c, d, e, f)
    }

    /// The two blocks of eight channels apart, the rows of each side by side.
    @inline(__always)
    func store(_ low: UnsafeMutablePointer<Float>, _ high: UnsafeMutablePointer<Float>) {
        a.lowHalf.store(at: low)
        a.highHalf.store(at: high)
        b.lowHalf.store(at: low + 8)
        b.highHalf.store(at: high + 8)
        c.lowHalf.store(at: low + 16)
        c.highHalf.store(at: high + 16)
        d.lowHalf.store(at: low + 24)
        d.highHalf.store(at: high + 24)
        e.lowHalf.store(at: low + 32)
        e.highHalf.store(at: high + 32)
        f.lowHalf.store(at: low + 40)
        f.highHalf.store(at: high + 40)
    }

    /// Rows `stride` apart.
    @inline(__always)
    func store(at target: UnsafeMutablePointer<Float>, stride: Int = 16) {
        a.store(at: target)
        b.store(at: target + stride)
        c.store(at: target + stride * 2)
        d.store(at: target + stride * 3)
        e.store(at: target + stride * 4)
        f.store(at: target + stride * 5)
    }
}

/// The inner loop of every weight gradient: four rows by sixteen columns, a sum of outer products.
///
/// Adds `Σ_i source[i·sourceStride + r] · columns[i·columnStride + k]` to `target[r·targetStride + k]`, r in 0..<4, k
/// in 0..<16.
@inline(__always)
func addOuterProducts(
    _ target: UnsafeMutablePointer<Float>, targetStride: Int, _ source: UnsafePointer<Float>, sourceStride: Int,
    _ columns: UnsafePointer<Float>, columnStride: Int, count: Int
) {
    var (a, b) = (Panel(at: target), Panel(at: target + targetStride))
    var (c, d) = (Panel(at: target + targetStride * 2), Panel(at: target + targetStride * 3))
    var (x, y) = (source, columns)
    for _ in 0..<count {
        let w = Panel(at: y)
        a = a.adding(Panel(repeating: x[0]), times: w)
        b = b.adding(Panel(repeating: x[1]), times: w)
        c = c.adding(Panel(repeating: x[2]), times: w)
        d = d.adding(Panel(repeating: x[3]), times: w)
        x += sourceStride
        y += columnStride
    }
    a.store(at: target)
    b.store(at: target + targetStride)
    c.store(at: target + targetStride * 2)
    d.store(at: target + targetStride * 3)
}
