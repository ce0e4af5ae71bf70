enum Percentile {
    /// Linear between neighbours, NumPy's default.
    ///
    /// - Parameter values: one or more.
    static func of(_ values: [Double], _ percent: Double) -> Double {
        let sorted = values.sorted()
        let position = percent / 100 * Double(sorted.count - 1)
        let below = Int(position)
        guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
        return sorted[below] + (sorted[below + 1] - sorted[below]) * (position - Double(below))
    }
}
