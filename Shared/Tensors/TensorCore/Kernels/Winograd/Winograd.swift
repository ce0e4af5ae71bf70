/// Winograd's minimal filtering F(4, 3) along one axis (Lavin and Gray, CVPR 2016), to be applied along all three: an
/// input tile of 6³ voxels gives 4³ outputs of a 3×3×3 convolution with 216 multiplications where the direct sum takes
/// 1728.
///
/// Evaluated at the points 0, ±a, ±b and ∞. a and b were chosen by error as well as by speed: any pair costs the same.
/// ```
///   input    Bᵀ d   point 0   a²b² d₀ − (a² + b²) d₂ + d₄
///                   ±a        (d₄ − b² d₂) ± a (d₃ − b² d₁)
///                   ±b        (d₄ − a² d₂) ± b (d₃ − a² d₁)
///                   ∞         a²b² d₁ − (a² + b²) d₃ + d₅
///   weight   G g    p         (g₀ + p g₁ + p² g₂) / N(p),  N(0) = a²b², N(±a) = 2a²(a² − b²), N(±b) = 2b²(b² − a²);  ∞: g₂
///   output   Aᵀ m   y_i       Σ_p pⁱ m_p, and m_∞ in y₃
/// ```
package enum Winograd {
    /// Outputs of a tile along an axis, and points (as many as inputs).
    package static let outputs = 4
    package static let points = 6
    package static let pointsOfTile = 216

    @inline(__always) package static var a: Float { 2.0 / 3 }
    @inline(__always) package static var b: Float { 1.5 }

    typealias Six = (Vector, Vector, Vector, Vector, Vector, Vector)
    typealias Four = (Vector, Vector, Vector, Vector)
    typealias Three = (Vector, Vector, Vector)

    @inline(__always) static func input(_ d: Six) -> Six {
        let (aa, bb) = (a * a, b * b)
        let even = d.4.adding(d.2, times: Vector(repeating: -bb)), odd = d.3.adding(d.1, times: Vector(repeating: -bb))
        let even2 = d.4.adding(d.2, times: Vector(repeating: -aa)),
            odd2 = d.3.adding(d.1, times: Vector(repeating: -aa))
        let product = Vector(repeating: aa * bb), sum = Vector(repeating: -(aa + bb))
        return (
            d.4.adding(d.2, times: sum).adding(d.0, times: product),
            even.adding(odd, times: Vector(repeating: a)), even.adding(odd, times: Vector(repeating: -a)),
            even2.adding(odd2, times: Vector(repeating: b)), even2.adding(odd2, times: Vector(repeating: -b)),
            d.5.adding(d.3, times: sum).adding(d.1, times: product)
        )
    }

    @inline(__always) static func output(_ m: Six) -> Four {
        let (aa, bb) = (a * a, b * b)
        let even = m.1 + m.2, odd = m.1 - m.2, even2 = m.3 + m.4, odd2 = m.3 - m.4
        return (
            m.0 + even + even2,
            (odd2 * b).adding(odd, times: Vector(repeating: a)),
            (even2 * bb).adding(even, times: Vector(repeating: aa)),
            m.5.adding(odd2, times: Vector(repeating: bb * b)).adding(odd, times: Vector(repeating: aa * a))
        )
    }

    /// The transpose of `output`: what reaches the products from the gradient by the outputs.
    @inline(__always) static func outputTransposed(_ y: Four) -> Six {
        let (aa, bb) = (a * a, b * b)
        let even = y.0.adding(y.2, times: Vector(repeating: aa)),
            odd = (y.1 * a).adding(y.3, times: Vector(repeating: aa * a))
        let even2 = y.0.adding(y.2, times: Vector(repeating: bb)),
            odd2 = (y.1 * b).adding(y.3, times: Vector(repeating: bb * b))
        return (y.0, even + odd, even - odd, even2 + odd2, even2 - odd2, y.3)
    }

    @inline(__always) static func weight(_ g: Three) -> Six {
        let (aa, bb) = (a * a, b * b)
        let (ofA, ofB) = (1 / (2 * aa * (aa - bb)), 1 / (2 * bb * (bb - aa)))
        let even = g.0.adding(g.2, times: Vector(repeating: aa)), even2 = g.0.adding(g.2, times: Vector(repeating: bb))
        return (
            g.0 * (1 / (aa * bb)), (even + g.1 * a) * ofA, (even - g.1 * a) * ofA, (even2 + g.1 * b) * ofB,
            (even2 - g.1 * b) * ofB, g.2
        )
    }

    /// The transpose of `weight`: the gradient by the weight from the gradient by its transform.
    @inline(__always) static func weightTransposed(_ u: Six) -> Three {
        let (aa, bb) = (a * a, b * b)
        let (ofA, ofB) = (1 / (2 * aa * (aa - bb)), 1 / (2 * bb * (bb - aa)))
        let even = (u.1 + u.2) * ofA, odd = (u.1 - u.2) * (a * ofA), even2 = (u.3 + u.4) * ofB,
            odd2 = (u.3 - u.4) * (b * ofB)
        return (u.0 * (1 / (aa * bb)) + even + even2, odd + odd2, u.5 + even * aa + even2 * bb)
    }
}

// Strided vectors in memory; strides in floats.
extension Winograd {
    @inline(__always) static func loadSix(_ p: UnsafePointer<Float>, _ stride: Int) -> Six {
        (
            Vector(at: p), Vector(at: p + stride), Vector(at: p + stride * 2), Vector(at: p + stride * 3),
            Vector(at: p + stride * 4),
            Vector(at: p + stride * 5)
        )
    }

    @inline(__always) static func loadFour(_ p: UnsafePointer<Float>, _ stride: Int) -> Four {
        (Vector(at: p), Vector(at: p + stride), Vector(at: p + stride * 2), Vector(at: p + stride * 3))
    }

    @inline(__always) static func loadThree(_ p: UnsafePointer<Float>, _ stride: Int) -> Three {
        (Vector(at: p), Vector(at: p + stride), Vector(at: p + stride * 2))
    }

    @inline(__always) static func store(_ six: Six, _ p: UnsafeMutablePointer<Float>, _ stride: Int) {
        six.0.store(at: p)
        six.1.store(at: p + stride)
        six.2.store(at: p + stride * 2)
        six.3.store(at: p + stride * 3)
        six.4.store(at: p + stride * 4)
        six.5.store(at: p + stride * 5)
    }

    @inline(__always) static func store(_ four: Four, _ p: UnsafeMutablePointer<Float>, _ stride: Int) {
        four.0.store(at: p)
        four.1.store(at: p + stride)
        four.2.store(at: p + stride * 2)
        four.3.store(at: p + stride * 3)
    }

    @inline(__always) static func store(_ three: Three, _ p: UnsafeMutablePointer<Float>, _ stride: Int) {
        three.0.store(at: p)
        three.1.store(at: p + stride)
        three.2.store(at: p + stride * 2)
    }
}
