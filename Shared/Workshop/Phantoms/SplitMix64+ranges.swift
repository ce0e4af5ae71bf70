import Statistics

extension SplitMix64 {
    /// A number in −1…1, evenly distributed.
    mutating func signed() -> Float { Float(next() >> 40) / Float(1 << 23) - 1 }

    /// A number in `range`, evenly distributed.
    mutating func value(in range: ClosedRange<Float>) -> Float {
        range.lowerBound + (range.upperBound - range.lowerBound) * (signed() + 1) * 0.5
    }
}
