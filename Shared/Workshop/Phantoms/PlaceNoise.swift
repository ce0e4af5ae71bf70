import Statistics

/// Noise that depends on the seed and the place only, so any thread may make any voxel.
struct PlaceNoise: Sendable {
    let seed: UInt64

    /// About normal with deviation 1: the sum of four even numbers (Irwin and Hall), scaled.
    @inline(__always)
    func gaussian(_ index: Int) -> Float {
        let bits = SplitMix64.mixed(seed &+ UInt64(bitPattern: Int64(index)) &* 0x9e37_79b9_7f4a_7c15)
        let sum = Float(bits & 0xffff) + Float(bits >> 16 & 0xffff) + Float(bits >> 32 & 0xffff) + Float(bits >> 48)
        return (sum / 65535 - 2) * 1.7320508
    }

    /// Smooth noise in 0…1 whose lumps are `scale` mm large: values on a lattice, interpolated.
    @inline(__always)
    func smooth(_ place: SIMD3<Float>, scale: Float) -> Float {
        let scaled = place / scale
        let low = Point(scaled.x.rounded(.down), scaled.y.rounded(.down), scaled.z.rounded(.down))
        var part = scaled - low
        part = part * part * (3 - 2 * part)
        let (x, y, z) = (Int64(low.x), Int64(low.y), Int64(low.z))
        let near = plane(x, y, z, part)
        return near + (plane(x, y, z + 1, part) - near) * part.z
    }

    @inline(__always)
    private func plane(_ x: Int64, _ y: Int64, _ z: Int64, _ part: Point) -> Float {
        let near = mix(lattice(x, y, z), lattice(x + 1, y, z), part.x)
        return mix(near, mix(lattice(x, y + 1, z), lattice(x + 1, y + 1, z), part.x), part.y)
    }

    @inline(__always)
    private func lattice(_ x: Int64, _ y: Int64, _ z: Int64) -> Float {
        let key = UInt64(bitPattern: x &* 0x8da6_b343 ^ y &* 0x1_d816_3841_0000 ^ z &* 0xcb1a_b31f_5100)
        return Float(SplitMix64.mixed(seed ^ key) >> 40) / Float(1 << 24)
    }
}
