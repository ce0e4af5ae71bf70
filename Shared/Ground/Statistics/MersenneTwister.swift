/// MT19937 (Matsumoto and Nishimura 1998), seeded and drawn from as NumPy's `RandomState` does: for what must agree
/// with a program that uses it. All else draws from `SplitMix64`.
package struct MersenneTwister: Sendable {
    private static let (length, middle) = (624, 397)

    private var state: [UInt32]
    private var position = Self.length

    package init(seed: UInt32) {
        state = [seed]
        for index in 1..<UInt32(Self.length) {
            let last = state[Int(index) - 1]
            state.append(1_812_433_253 &* (last ^ last >> 30) &+ index)
        }
    }

    package mutating func next() -> UInt32 {
        if position == Self.length { twist() }
        var value = state[position]
        position += 1
        value ^= value >> 11
        value ^= value << 7 & 0x9D2C_5680
        value ^= value << 15 & 0xEFC6_0000
        return value ^ value >> 18
    }

    private mutating func twist() {
        state.withUnsafeMutableBufferPointer { state in
            func mix(_ index: Int, _ after: Int, _ ahead: Int) {
                let mixed = state[index] & 0x8000_0000 | state[after] & 0x7FFF_FFFF
                state[index] = state[ahead] ^ mixed >> 1 ^ (0 &- (mixed & 1)) & 0x9908_B0DF
            }
            let wrap = Self.length - Self.middle
            for index in 0..<wrap { mix(index, index + 1, index + Self.middle) }
            for index in wrap..<Self.length - 1 { mix(index, index + 1, index - wrap) }
            mix(Self.length - 1, 0, Self.middle - 1)
        }
        position = 0
    }

    /// Uniform in 0 … `bound`: numbers of as many bits as the bound has, until one does not exceed it. Nothing is drawn
    /// for 0.
    package mutating func uniform(upTo bound: UInt32) -> UInt32 {
        guard bound > 0 else { return 0 }
        let mask = UInt32.max >> UInt32(bound.leadingZeroBitCount)
        while true {
            let value = next() & mask
            if value <= bound { return value }
        }
    }

    /// How often each of a population is drawn by so many draws with replacement: what
    /// `numpy.bincount(RandomState.choice(population, draws))` gives, without a list of the draws.
    /// - Precondition: a population of 1 … 2³² − 1, and fewer draws than 2³².
    package mutating func tally(_ draws: Int, of population: Int) -> [UInt32] {
        let bound = UInt32(population - 1)
        guard bound > 0 else { return [UInt32(draws)] }
        let mask = UInt32.max >> UInt32(bound.leadingZeroBitCount)
        // What exceeds the bound is counted behind the population, so that no branch has to guess.
        var counts = [UInt32](repeating: 0, count: population + 1)
        counts.withUnsafeMutableBufferPointer { counts in
            var left = draws
            while left > 0 {
                let index = min(Int(next() & mask), population)
                counts[index] &+= 1
                left -= index < population ? 1 : 0
            }
        }
        counts.removeLast()
        return counts
    }

    /// Fisher and Yates from the end, as NumPy shuffles.
    package mutating func shuffle<Value>(_ values: inout [Value]) {
        for last in stride(from: values.count - 1, to: 0, by: -1) {
            values.swapAt(last, Int(uniform(upTo: UInt32(last))))
        }
    }
}
