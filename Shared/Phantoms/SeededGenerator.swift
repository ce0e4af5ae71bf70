/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return SeededGenerator.mixed(state)
    }

    /// A number in −1…1, evenly distributed.
    mutating func signed() -> Float { Float(next() >> 40) / Float(1 << 23) - 1 }

    /// A number in `range`, evenly distributed.
    mutating func value(in range: ClosedRange<Float>) -> Float {
        range.lowerBound + (range.upperBound - range.lowerBound) * (signed() + 1) * 0.5
    }

    @inline(__always)
    static func mixed(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
        return bits ^ bits >> 31
    }
}

/// Noise that depends on the seed and the place only, so any thread may make any voxel.
struct PlaceNoise: Sendable {
    let seed: UInt64

    /// About normal with deviation 1: the sum of four even numbers (Irwin and Hall), scaled.
    @inline(__always)
    func gaussian(_ index: Int) -> Float {
        let bits = SeededGenerator.mixed(seed &+ UInt64(bitPattern: Int64(index)) &* 0x9e37_79b9_7f4a_7c15)
        let sum = Float(bits & 0xffff) + Float(bits >> 16 & 0xffff) + Float(bits >> 32 & 0xffff) + Float(bits >> 48)
        return (sum / 65535 - 2) * 1.7320508
    }

    /// Smooth noise in 0…1 whose lumps are `scale` mm large: values on a lattice, interpolated.
    @inline(__always)
    func smooth(_ place: SIMD3<Float>, scale: Float) -> Float {
        let scaled = place / scale
        let low = scaled.rounded(.down)
        var part = scaled - low
        part = part * part * (3 - 2 * part)
        let corner = SIMD3<Int32>(low)
        func at(_ x: Int32, _ y: Int32, _ z: Int32) -> Float {
            let key = UInt64(UInt32(bitPattern: corner.x &+ x)) &* 0x8da6_b343
                ^ UInt64(UInt32(bitPattern: corner.y &+ y)) &* 0xd816_3841_0000 ^ UInt64(UInt32(bitPattern: corner.z &+ z)) &* 0xcb1a_b31f_51
            return Float(SeededGenerator.mixed(seed ^ key) >> 40) / Float(1 << 24)
        }
        func line(_ y: Int32, _ z: Int32) -> Float { at(0, y, z) * (1 - part.x) + at(1, y, z) * part.x }
        func plane(_ z: Int32) -> Float { line(0, z) * (1 - part.y) + line(1, z) * part.y }
        return plane(0) * (1 - part.z) + plane(1) * part.z
    }
}
