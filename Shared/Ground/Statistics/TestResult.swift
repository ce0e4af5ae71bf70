/// A two-sided test of two samples' difference.
package struct TestResult: Sendable, Hashable, Codable {
    /// t, or the signed-rank sum W⁺.
    package var statistic: Double
    /// Nil where the test has none.
    package var degreesOfFreedom: Double?
    package var p: Double
    /// 95 % interval of the difference of means; nil where the test gives none.
    package var differenceInterval: Interval?

    package init(statistic: Double, degreesOfFreedom: Double?, p: Double, differenceInterval: Interval?) {
        self.statistic = statistic
        self.degreesOfFreedom = degreesOfFreedom
        self.p = p
        self.differenceInterval = differenceInterval
    }
}
