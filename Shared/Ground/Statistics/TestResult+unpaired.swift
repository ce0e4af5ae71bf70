extension TestResult {
    /// Student's unpaired t-test, with pooled variance and n₁ + n₂ − 2 degrees of freedom; the difference is mean(a) −
    /// mean(b).
    ///
    /// Numbers that are not finite are left out. Nil where t is undefined: fewer than two values on a side, or no
    /// spread on both.
    package static func student(_ a: some Sequence<Double>, _ b: some Sequence<Double>) -> TestResult? {
        guard let a = Sample(a), let b = Sample(b), let s = a.variance, let u = b.variance else { return nil }
        let (n, m) = (Double(a.count), Double(b.count))
        let pooled = ((n - 1) * s + (m - 1) * u) / (n + m - 2)
        return unpaired(a, b, errorSquared: pooled * (1 / n + 1 / m), degreesOfFreedom: n + m - 2)
    }

    /// Welch's unpaired t-test, which does not take the variances for equal; degrees of freedom by Welch and
    /// Satterthwaite. Nil as above.
    package static func welch(_ a: some Sequence<Double>, _ b: some Sequence<Double>) -> TestResult? {
        guard let a = Sample(a), let b = Sample(b), let s = a.variance, let u = b.variance else { return nil }
        let (n, m) = (Double(a.count), Double(b.count))
        let (first, second) = (s / n, u / m)
        let whole = first + second
        guard whole > 0 else { return nil }
        // As shares of the whole, so that squares of the smallest variances do not vanish.
        let (share, rest) = (first / whole, second / whole)
        let degreesOfFreedom = 1 / (share * share / (n - 1) + rest * rest / (m - 1))
        return unpaired(a, b, errorSquared: whole, degreesOfFreedom: degreesOfFreedom)
    }

    private static func unpaired(_ a: Sample, _ b: Sample, errorSquared: Double, degreesOfFreedom: Double)
        -> TestResult?
    {
        TestResult(
            difference: a.mean - b.mean, standardError: errorSquared.squareRoot(), degreesOfFreedom: degreesOfFreedom,
            magnitude: max(a.largestMagnitude, b.largestMagnitude))
    }

    /// A t-test of a difference with its 95 % interval; nil where the error is 0 or no more than what rounding leaves
    /// of numbers of this magnitude: a huge t from such noise is no evidence.
    init?(difference: Double, standardError: Double, degreesOfFreedom: Double, magnitude: Double) {
        guard standardError.isFinite, standardError > 4 * magnitude.ulp / (degreesOfFreedom + 1).squareRoot() else {
            return nil
        }
        let t = difference / standardError
        let distribution = StudentDistribution(degreesOfFreedom: degreesOfFreedom)
        let half = distribution.quantile(0.975) * standardError
        guard t.isFinite, half.isFinite else { return nil }
        self.init(
            statistic: t, degreesOfFreedom: degreesOfFreedom, p: distribution.twoSided(t),
            differenceInterval: Interval(lower: difference - half, upper: difference + half))
    }
}
