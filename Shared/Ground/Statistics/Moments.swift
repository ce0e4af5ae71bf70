/// What a published table says of a sample: how many values, their mean and their standard deviation.
package struct Moments: Sendable, Hashable, Codable {
    /// 1 or more.
    package var count: Int
    package var mean: Double
    /// With n − 1; not negative.
    package var standardDeviation: Double

    package init(count: Int, mean: Double, standardDeviation: Double) {
        self.count = count
        self.mean = mean
        self.standardDeviation = standardDeviation
    }
}

extension TestResult {
    /// Student's unpaired t-test of two samples of which the moments alone are known.
    ///
    /// As exact as they are: figures rounded to three decimals can leave p open by a tenth. Nil as for samples, and
    /// where a figure is not finite.
    package static func student(_ a: Moments, _ b: Moments) -> TestResult? {
        UnpairedSide(a).flatMap { a in UnpairedSide(b).flatMap { student(a, $0) } }
    }

    /// Welch's unpaired t-test of two samples of which the moments alone are known; nil as above.
    package static func welch(_ a: Moments, _ b: Moments) -> TestResult? {
        UnpairedSide(a).flatMap { a in UnpairedSide(b).flatMap { welch(a, $0) } }
    }

    /// How many values each of two samples of one size had, if Student's test of them gave this p.
    ///
    /// Not rounded, so that it shows how well the figures agree with a whole number; the counts of `a` and `b` play no
    /// part. Nil where no n of 2 and more fits: means that are alike, no spread, or a p above that of two values each.
    package static func impliedCount(_ a: Moments, _ b: Moments, p: Double) -> Double? {
        let difference = abs(a.mean - b.mean)
        let spread = ((a.standardDeviation * a.standardDeviation + b.standardDeviation * b.standardDeviation) / 2)
            .squareRoot()
        guard difference > 0, difference.isFinite, spread > 0, spread.isFinite, p > 0, p < 1 else { return nil }
        /// Falls as n grows.
        func probability(_ n: Double) -> Double {
            StudentDistribution(degreesOfFreedom: 2 * n - 2).twoSided(difference / spread * (n / 2).squareRoot())
        }
        guard probability(2) >= p else { return nil }
        var (low, high) = (2.0, 4.0)
        while probability(high) > p {
            (low, high) = (high, 2 * high)
            if high > 1e12 { return nil }
        }
        while high - low > 1e-9 * high {
            let middle = (low + high) / 2
            if probability(middle) > p { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
