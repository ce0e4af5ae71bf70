/// What nnU-Net found in the foreground of its training images: `CTNormalization` goes by it. Hounsfield units.
package struct NNUNetIntensities: Sendable, Equatable {
    /// The percentiles 0.5 and 99.5: what is outside is clipped.
    package let lower: Double
    package let upper: Double
    package let mean: Double
    package let deviation: Double

    package init(lower: Double, upper: Double, mean: Double, deviation: Double) {
        self.lower = lower
        self.upper = upper
        self.mean = mean
        self.deviation = deviation
    }

    /// Nil where one of the four is missing.
    init?(_ json: Any?) {
        guard let values = json as? [String: Any], let lower = values["percentile_00_5"] as? Double,
            let upper = values["percentile_99_5"] as? Double,
            let mean = values["mean"] as? Double, let deviation = values["std"] as? Double
        else { return nil }
        self.init(lower: lower, upper: upper, mean: mean, deviation: deviation)
    }
}
