import Statistics

/// The random numbers of one training step, a pure function of (seed, purpose, index).
///
/// Nothing is carried from step to step, so a run resumed at step n draws what the uninterrupted run drew there.
/// Every state of the generator is a good start.
package struct StepRandom: Sendable {
    /// Keeps the draws of different decisions apart.
    package enum Purpose: UInt64, Sendable {
        case order = 1
        case crop = 2
        case dropout = 3
        case augmentation = 4
        case initialWeights = 5
        /// `augmentation` is what the jitter draws from.
        case operators = 6
        case validationOrder = 7
        case validationCrop = 8
    }

    private var generator: SplitMix64

    package init(seed: UInt64, purpose: Purpose, index: Int) {
        let stream = SplitMix64.mixed(seed &+ purpose.rawValue &* SplitMix64.step)
        generator = SplitMix64(seed: SplitMix64.mixed(stream &+ UInt64(bitPattern: Int64(index))))
    }

    package mutating func next() -> UInt64 { generator.next() }

    /// Uniform in 0 ..< `bound`; `bound` must be positive. The bias of the multiply-shift is below bound / 2⁶⁴.
    package mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "a random index needs a positive bound, got \(bound)")
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// Uniform in [0, 1).
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    package mutating func uniform(_ lower: Double, _ upper: Double) -> Double { lower + (upper - lower) * unit() }

    /// Fisher and Yates.
    package mutating func shuffled(_ values: [Int]) -> [Int] {
        var result = values
        guard result.count > 1 else { return result }
        for last in stride(from: result.count - 1, to: 0, by: -1) { result.swapAt(last, below(last + 1)) }
        return result
    }
}
