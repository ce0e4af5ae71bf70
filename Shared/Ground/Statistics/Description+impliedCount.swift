extension Description {
    /// How many values published figures speak of: the n at which m ± t(0.975, n − 1) · s / √n is as wide as the
    /// interval.
    ///
    /// Not rounded, so that it shows how well the figures agree with a whole number. Nil where no n of 2 and more fits:
    /// a deviation or width that is not positive, or an interval wider than two values can have.
    package static func impliedCount(standardDeviation: Double, interval: Interval) -> Double? {
        let half = (interval.upper - interval.lower) / 2
        guard standardDeviation > 0, standardDeviation.isFinite, half > 0, half.isFinite else { return nil }
        let target = half / standardDeviation
        /// Falls as n grows.
        func relativeHalfWidth(_ n: Double) -> Double {
            StudentDistribution(degreesOfFreedom: n - 1).quantile(0.975) / n.squareRoot()
        }
        guard target <= relativeHalfWidth(2) else { return nil }
        var (low, high) = (2.0, 4.0)
        while relativeHalfWidth(high) > target {
            (low, high) = (high, 2 * high)
            if high > 1e12 { return nil }
        }
        while high - low > 1e-9 * high {
            let middle = (low + high) / 2
            if relativeHalfWidth(middle) > target { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// All counts that figures rounded to so many decimals leave open: deviation and both limits may each be off by
    /// half a unit of the last decimal. The upper end is infinite where the width may be 0; nil where nothing fits.
    package static func impliedCounts(standardDeviation: Double, interval: Interval, decimals: Int) -> ClosedRange<
        Double
    >? {
        let unit = (0..<decimals).reduce(1.0) { step, _ in step / 10 }
        let width = interval.upper - interval.lower
        guard standardDeviation.isFinite, width.isFinite, standardDeviation + unit / 2 > 0, width + unit > 0 else {
            return nil
        }
        let widest = Interval(lower: 0, upper: width + unit)
        let fewest = impliedCount(standardDeviation: max(unit / 2, standardDeviation - unit / 2), interval: widest) ?? 2
        let narrowest = Interval(lower: 0, upper: width - unit)
        guard narrowest.upper > 0 else { return fewest...Double.infinity }
        guard let most = impliedCount(standardDeviation: standardDeviation + unit / 2, interval: narrowest) else {
            return nil
        }
        return min(fewest, most)...most
    }
}
