package import TensorCore

/// How far what was found is from the truth.
package enum Comparison {
    /// Largest |found − truth| divided by the largest |truth|; infinite when shapes differ, there is nothing to compare
    /// or a value is not finite (`max` passes over NaN, so it must not come so far).
    package static func error(_ found: Tensor, _ truth: Tensor) -> Double {
        guard found.shape == truth.shape, found.count > 0, found.values.allSatisfy(\.isFinite),
            truth.values.allSatisfy(\.isFinite)
        else {
            return .infinity
        }
        let largest = truth.values.map(abs).max() ?? 0
        let difference = zip(found.values, truth.values).map { abs($0 - $1) }.max() ?? .infinity
        return Double(difference) / Double(max(largest, .leastNormalMagnitude))
    }
}
