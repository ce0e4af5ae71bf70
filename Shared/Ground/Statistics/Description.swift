/// What a sample of numbers looks like. `n` is at least 1.
package struct Description: Sendable, Hashable, Codable {
    package var n: Int
    package var mean: Double
    /// With n − 1; nil for one value.
    package var standardDeviation: Double?
    package var minimum: Double
    /// Quartiles, linear between neighbours (numpy's default).
    package var lowerQuartile: Double
    package var median: Double
    package var upperQuartile: Double
    package var maximum: Double
    /// 95 % of the mean: m ± t(0.975, n − 1) · s / √n; nil for one value.
    package var tInterval: Interval?
    /// 95 % of the mean by resampling with the given seed; nil for one value.
    package var bootstrapInterval: Interval?

    package init(
        n: Int, mean: Double, standardDeviation: Double?, minimum: Double, lowerQuartile: Double, median: Double,
        upperQuartile: Double,
        maximum: Double, tInterval: Interval?, bootstrapInterval: Interval?
    ) {
        self.n = n
        self.mean = mean
        self.standardDeviation = standardDeviation
        self.minimum = minimum
        self.lowerQuartile = lowerQuartile
        self.median = median
        self.upperQuartile = upperQuartile
        self.maximum = maximum
        self.tInterval = tInterval
        self.bootstrapInterval = bootstrapInterval
    }
}
