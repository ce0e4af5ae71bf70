import Statistics

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension SplitMix64 {
    /// A number in −1…1, evenly distributed.
    mutating func signed() -> Float { Float(next() >> 40) / Float(1 << 23) - 1 }

    /// A number in `range`, evenly distributed.
    mutating func value(in range: ClosedRange<Float>) -> Float {
        range.lowerBound + (range.upperBound - range.lowerBound) * (signed() + 1) * 0.5
    }
}

extension SplitMix64 {
    /// About normal with deviation 1, never beyond ±3.5 (Irwin and Hall's sum of four, scaled).
    mutating func normal() -> Float { (signed() + signed() + signed() + signed()) * 0.8660254 }

    /// True in so many of a hundred cases.
    mutating func chance(_ percent: Float) -> Bool { value(in: 0...100) < percent }

    /// A number in `range` whose logarithm is evenly distributed.
    mutating func logarithmic(in range: ClosedRange<Float>) -> Float {
        expf(value(in: logf(range.lowerBound)...logf(range.upperBound)))
    }

    /// One of them.
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[Int(next() % UInt64(elements.count))] }
}
