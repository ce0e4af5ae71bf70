/// Steele, Lea and Flood's generator (OOPSLA 2014): a counter, mixed. Whole numbers only, so the same seed gives the
/// same numbers on every machine. Everything here that draws by a seed draws from it.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= Self.step
        return Self.mixed(state)
    }

    /// Uniform in [0, 1) with 24 random bits, every one of which a Float holds exactly.
    package mutating func nextUnitFloat() -> Float { Float(next() >> 40) * 0x1p-24 }

    /// What the counter goes on by: 2⁶⁴ over the golden ratio, odd.
    package static var step: UInt64 { 0x9e37_79b9_7f4a_7c15 }

    /// A number whose every bit depends on every bit of another, one to one: for noise by place, and for seeds of
    /// seeds.
    @inlinable @inline(__always)
    package static func mixed(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }
}
