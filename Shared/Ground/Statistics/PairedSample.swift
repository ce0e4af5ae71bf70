/// Two measurements of each of several cases, and their differences.
package struct PairedSample: Sendable {
    /// First minus second, ascending.
    let differences: Sample
    /// Of the largest number measured.
    private let magnitude: Double

    /// Pairs of which a number is not finite are left out. Nil if none is left. The order of the pairs does not matter.
    package init?(_ pairs: some Sequence<(Double, Double)>) {
        let pairs = pairs.filter { $0.0.isFinite && $0.1.isFinite && ($0.0 - $0.1).isFinite }
        guard let differences = Sample(pairs.map { $0.0 - $0.1 }) else { return nil }
        self.differences = differences
        magnitude = pairs.reduce(0) { max($0, abs($1.0), abs($1.1)) }
    }

    package var count: Int { differences.count }
    package var meanDifference: Double { differences.mean }

    /// The paired t-test; nil where t is undefined: fewer than two pairs, or differences that are all the same but for
    /// rounding.
    package var tTest: TestResult? {
        guard let variance = differences.variance else { return nil }
        let n = Double(count)
        return TestResult(
            difference: meanDifference, standardError: (variance / n).squareRoot(), degreesOfFreedom: n - 1,
            magnitude: magnitude)
    }

    /// Cohen's d of the pairs: mean of the differences / their standard deviation; nil as above.
    package var effectSize: Double? { tTest.map { $0.statistic / Double(count).squareRoot() } }
}
