import Statistics
import Testing

@Suite struct DescriptionTests {
    @Test func fiveNumbersAndTheIntervalAreThoseOfTheClosedForm() throws {
        let description = try #require(Description(of: [4, 1, 3, 2]))
        #expect(description.n == 4 && description.mean == 2.5)
        #expect(description.minimum == 1 && description.maximum == 4)
        #expect(description.lowerQuartile == 1.75 && description.median == 2.5 && description.upperQuartile == 3.25)
        #expect(agree(description.standardDeviation, (5.0 / 3).squareRoot(), within: 1e-15))
        // t(0.975, 3) = 3.1824463052837078
        let half = 3.1824463052837078 * (5.0 / 3).squareRoot() / 2
        #expect(agree(description.tInterval?.lower, 2.5 - half, within: 1e-13))
        #expect(agree(description.tInterval?.upper, 2.5 + half, within: 1e-13))
        #expect(description.bootstrapInterval == nil)
    }

    @Test func oneValueHasNoSpread() throws {
        let description = try #require(Description(of: [0.91], bootstrap: Bootstrap()))
        #expect(description.n == 1 && description.mean == 0.91 && description.median == 0.91)
        #expect(
            description.standardDeviation == nil && description.tInterval == nil && description.bootstrapInterval == nil
        )
    }

    @Test func equalValuesHaveNoSpreadAtAll() throws {
        // Ten times 0.1 is not 1 in binary: mean and deviation must not show it.
        let description = try #require(Description(of: Array(repeating: 0.1, count: 10), bootstrap: Bootstrap()))
        #expect(description.mean == 0.1 && description.standardDeviation == 0)
        #expect(
            description.tInterval == Interval(lower: 0.1, upper: 0.1)
                && description.bootstrapInterval == Interval(lower: 0.1, upper: 0.1))
    }

    @Test func nothingIsNotDescribed() {
        #expect(Description(of: []) == nil)
        #expect(Description(of: [.nan, .infinity, -.infinity]) == nil)
        #expect(Description(of: [.nan, 2])?.n == 1)
    }

    @Test func largeOffsetsDoNotSwallowTheSpread() throws {
        let description = try #require(Description(of: [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]))
        #expect(description.mean == 1e9 + 10 && agree(description.standardDeviation, 30.0.squareRoot(), within: 1e-15))
    }

    @Test func orderDoesNotChangeABit() throws {
        var generator = SplitMix64(seed: 3)
        let values = (0..<107).map { _ in Double.random(in: 0...1, using: &generator) }
        let expected = try #require(Description(of: values, bootstrap: Bootstrap(resamples: 500)))
        for _ in 0..<10 {
            #expect(
                Description(of: values.shuffled(using: &generator), bootstrap: Bootstrap(resamples: 500)) == expected)
        }
    }

    @Test(arguments: [2, 3, 25, 61, 108, 1204]) func countIsRecoveredFromDeviationAndInterval(_ n: Int) throws {
        var generator = SplitMix64(seed: UInt64(n))
        let description = try #require(
            Description(of: (0..<n).map { _ in Double.random(in: 0...1, using: &generator) }))
        let deviation = try #require(description.standardDeviation)
        let interval = try #require(description.tInterval)
        #expect(
            agree(Description.impliedCount(standardDeviation: deviation, interval: interval), Double(n), within: 1e-8))
        func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
        let counts = try #require(
            Description.impliedCounts(
                standardDeviation: rounded(deviation),
                interval: Interval(lower: rounded(interval.lower), upper: rounded(interval.upper)), decimals: 3))
        #expect(counts.contains(Double(n)), "\(counts)")
    }

    /// What the half width of an interval is in deviations tells 108 cases from 108 cases of 25 classes thrown
    /// together.
    @Test func aWidthTellsCasesFromCasesTimesClasses() throws {
        for (n, halfWidth) in [(108.0, 0.190755), (2700, 0.037737)] {
            let interval = Interval(lower: 0.856 - 0.2 * halfWidth, upper: 0.856 + 0.2 * halfWidth)
            let count = try #require(Description.impliedCount(standardDeviation: 0.2, interval: interval))
            #expect(abs(count - n) < 2e-4 * n, "\(count)")
        }
        // As a table with three decimals would have it.
        let counts = try #require(
            Description.impliedCounts(
                standardDeviation: 0.2, interval: Interval(lower: 0.818, upper: 0.894), decimals: 3))
        #expect(counts.contains(108) && counts.upperBound < 125 && counts.lowerBound > 95, "\(counts)")
    }

    @Test func impossibleFiguresImplyNoCount() {
        #expect(Description.impliedCount(standardDeviation: 0, interval: Interval(lower: 0, upper: 1)) == nil)
        #expect(Description.impliedCount(standardDeviation: 0.1, interval: Interval(lower: 1, upper: 1)) == nil)
        // Two values give at most ± 12.706 / √2 deviations.
        #expect(Description.impliedCount(standardDeviation: 0.1, interval: Interval(lower: 0, upper: 2)) == nil)
        #expect(
            Description.impliedCounts(standardDeviation: 0.1, interval: Interval(lower: 0, upper: 2), decimals: 2)
                == nil)
        #expect(
            Description.impliedCounts(standardDeviation: 0.1, interval: Interval(lower: 0.5, upper: 0.5), decimals: 2)?
                .upperBound == .infinity)
    }
}
