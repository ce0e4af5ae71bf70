extension Description {
    /// Describes finite numbers; others are left out, which `n` shows. Nil if none is left. The order of the numbers
    /// does not matter.
    package init?(of values: some Sequence<Double>, bootstrap: Bootstrap? = nil) {
        guard let sample = Sample(values) else { return nil }
        self.init(
            n: sample.count, mean: sample.mean, standardDeviation: sample.standardDeviation, minimum: sample.values[0],
            lowerQuartile: sample.quantile(0.25), median: sample.quantile(0.5), upperQuartile: sample.quantile(0.75),
            maximum: sample.values[sample.count - 1], tInterval: Self.tInterval(of: sample),
            bootstrapInterval: bootstrap?.interval(of: sample))
    }

    private static func tInterval(of sample: Sample) -> Interval? {
        guard let deviation = sample.standardDeviation else { return nil }
        let n = Double(sample.count)
        let half = StudentDistribution(degreesOfFreedom: n - 1).quantile(0.975) * deviation / n.squareRoot()
        return Interval(lower: sample.mean - half, upper: sample.mean + half)
    }
}
