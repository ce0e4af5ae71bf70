/// How far a label may be off the whole number that it is.
///
/// Programs that handle label maps as floating point numbers store 0.99999997 for 1, or whole numbers with a slope: 200
/// · 0.1 in single precision is 20.0000003, and nibabel spreads 0…25 over all numbers of 16 bits, where 21 becomes
/// 20.999999995 or the nearest step to it. What is further away is a fraction (a probability, a resampled map), and no
/// label.
package struct LabelRounding: Sendable {
    private let tolerance: Double

    /// A number stored in floating point.
    package init() { tolerance = Self.least }

    /// Whole numbers with a slope hold multiples of it only: half a step is as near as they come. Steps above 0.1 are
    /// too coarse to tell a label from a fraction by.
    init(_ type: NIfTIVoxelType, slope: Double) {
        let isFloatingPoint = type == .float32 || type == .float64
        // In the last digits, half a step is more than half.
        let halfStep = abs(slope) / 2 * (1 + 1e-6)
        tolerance = isFloatingPoint || abs(slope) > 0.1000001 ? Self.least : max(Self.least, halfStep)
    }

    private static let least = 1e-3

    /// The label that `value` is, nil where it is none of 0…255.
    @inline(__always)
    package func label(_ value: Double) -> UInt8? {
        let whole = value.rounded()
        guard abs(value - whole) <= tolerance else { return nil }
        return UInt8(exactly: whole)
    }
}
