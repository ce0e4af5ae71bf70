import TensorCore

/// What some operators need to know of a whole patch. Sums are taken in Double, eight beside each other, in a fixed
/// order.
struct IntensitySummary {
    private(set) var minimum = Float.infinity
    private(set) var maximum = -Float.infinity
    private(set) var mean = 0.0
    /// With n − 1.
    private(set) var deviation = 0.0

    init(_ voxels: UnsafeMutableBufferPointer<Float>) {
        guard let base = voxels.baseAddress, voxels.count > 0 else { return }
        let count = voxels.count
        // Differences to one value of the patch, so that squares don't cancel.
        let origin = Double(base[0])
        var (low, high) = (SIMD8<Float>(repeating: base[0]), SIMD8<Float>(repeating: base[0]))
        var (first, second) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
        var index = 0
        while index + 8 <= count {
            let values = UnsafeRawPointer(base + index).loadUnaligned(as: SIMD8<Float>.self)
            low = values.replacing(with: low, where: low .< values)
            high = values.replacing(with: high, where: high .> values)
            let difference = SIMD8<Double>(values) - origin
            first += difference
            second += difference * difference
            index += 8
        }
        var (sum, squares) = (first.sum(), second.sum())
        (minimum, maximum) = (low.min(), high.max())
        for rest in index..<count {
            (minimum, maximum) = (min(minimum, base[rest]), max(maximum, base[rest]))
            let difference = Double(base[rest]) - origin
            sum += difference
            squares += difference * difference
        }
        mean = origin + sum / Double(count)
        deviation = (max(0, squares - sum * sum / Double(count)) / Double(max(1, count - 1))).squareRoot()
    }
}
