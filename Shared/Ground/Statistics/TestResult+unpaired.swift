extension TestResult {
    /// Student's unpaired t-test, with pooled variance and n₁ + n₂ − 2 degrees of freedom; the difference is mean(a) −
    /// mean(b).
    ///
    /// Numbers that are not finite are left out. Nil where t is undefined: fewer than two values on a side, or no
    /// spread on both.
    package static func student(_ a: some Sequence<Double>, _ b: some Sequence<Double>) -> TestResult? {
        UnpairedSide(a).flatMap { a in UnpairedSide(b).flatMap { student(a, $0) } }
    }

    /// Welch's unpaired t-test, which does not take the variances for equal; degrees of freedom by Welch and
    /// Satterthwaite. Nil as above.
    package static func welch(_ a: some Sequence<Double>, _ b: some Sequence<Double>) -> TestResult? {
        UnpairedSide(a).flatMap { a in UnpairedSide(b).flatMap { welch(a, $0) } }
    }

    static func student(_ a: UnpairedSide, _ b: UnpairedSide) -> TestResult? {
        let degreesOfFreedom = a.count + b.count - 2
        let pooled = ((a.count - 1) * a.variance + (b.count - 1) * b.variance) / degreesOfFreedom
        return unpaired(
            a, b, errorSquared: pooled * (1 / a.count + 1 / b.count), degreesOfFreedom: degreesOfFreedom)
    }

    static func welch(_ a: UnpairedSide, _ b: UnpairedSide) -> TestResult? {
        let (first, second) = (a.variance / a.count, b.variance / b.count)
        let whole = first + second
        guard whole > 0 else { return nil }
        // As shares of the whole, so that squares of the smallest variances do not vanish.
        let (share, rest) = (first / whole, second / whole)
        let degreesOfFreedom = 1 / (share * share / (a.count - 1) + rest * rest / (b.count - 1))
        return unpaired(a, b, errorSquared: whole, degreesOfFreedom: degreesOfFreedom)
    }

    private static func unpaired(
        _ a: UnpairedSide, _ b: UnpairedSide, errorSquared: Double, degreesOfFreedom: Double
    ) -> TestResult? {
        TestResult(
            difference: a.mean - b.mean, standardError: errorSquared.squareRoot(), degreesOfFreedom: degreesOfFreedom,
            magnitude: max(a.magnitude, b.magnitude))
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

/// What an unpaired test needs of one sample; none of fewer than two values.
struct UnpairedSide {
    let count: Double
    let mean: Double
    let variance: Double
    /// Of the largest value, for what rounding can have left.
    let magnitude: Double

    init?(_ values: some Sequence<Double>) {
        guard let sample = Sample(values), let variance = sample.variance else { return nil }
        (count, mean) = (Double(sample.count), sample.mean)
        (self.variance, magnitude) = (variance, sample.largestMagnitude)
    }

    init?(_ moments: Moments) {
        guard moments.count >= 2, moments.mean.isFinite, moments.standardDeviation.isFinite else { return nil }
        (count, mean) = (Double(moments.count), moments.mean)
        variance = moments.standardDeviation * moments.standardDeviation
        magnitude = abs(moments.mean)
    }
}
