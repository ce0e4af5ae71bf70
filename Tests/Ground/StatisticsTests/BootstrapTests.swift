import Statistics
import Testing

@Suite struct BootstrapTests {
    @Test func generatorGivesThePublishedNumbers() {
        var generator = SplitMix64(seed: 1_234_567)
        let numbers = (0..<5).map { _ in generator.next() }
        #expect(
            numbers == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821,
            ])
    }

    /// Another machine or number of threads must give the same. SciPy's BCa gives 0.522 … 0.527 and 0.9155 with three
    /// seeds.
    @Test func intervalHasTheSameBitsEverywhere() throws {
        let values = [0.91, 0.87, 0.95, 0.42, 0.93, 0.9, 0.88, 0.94, 0.0, 0.92, 0.96]
        let interval = try #require(Bootstrap().interval(ofMeanOf: values))
        #expect(interval == Bootstrap().interval(ofMeanOf: values.reversed()))
        #expect(interval == Interval(lower: 0.5272727272727272, upper: 0.9154545454545455))
        #expect(Bootstrap(seed: 1).interval(ofMeanOf: values) != interval)
    }

    /// All nⁿ resamples of a small sample, and the interval of BCa by its formula, with SciPy's numbers for Φ.
    @Test func intervalIsThatOfAllResamples() throws {
        let values = [0.2, 0.5, 0.55, 0.8, 0.81, 0.95]
        var means = [0.0]
        for _ in values { means = means.flatMap { sum in values.map { sum + $0 } } }
        means = means.map { $0 / Double(values.count) }.sorted()
        let mean = values.reduce(0, +) / Double(values.count)
        let below = Double(means.count { $0 < mean - 1e-12 }) + Double(means.count { abs($0 - mean) <= 1e-12 }) / 2
        let bias = NormalDistribution.quantile(below / Double(means.count))
        let cubes = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let acceleration = cubes / (6 * squares * squares.squareRoot())
        let limits = [-1.959963984540054, 1.959963984540054].map { deviate in
            let share = NormalDistribution.cumulative(bias + (bias + deviate) / (1 - acceleration * (bias + deviate)))
            return means[Int(share * Double(means.count))]
        }
        let interval = try #require(Bootstrap(resamples: 200_000).interval(ofMeanOf: values))
        #expect(
            abs(interval.lower - limits[0]) < 0.004 && abs(interval.upper - limits[1]) < 0.004, "\(interval), \(limits)"
        )
        // Skewed to the left: the interval reaches further down than up.
        #expect(mean - interval.lower > interval.upper - mean)
    }

    @Test func mirroredSamplesHaveMirroredIntervals() throws {
        let values = [1.0, 1, 2, 3, 5, 8, 13, 21, 34, 55]
        let there = try #require(Bootstrap(resamples: 50_000).interval(ofMeanOf: values))
        let back = try #require(Bootstrap(resamples: 50_000).interval(ofMeanOf: values.map { -$0 }))
        #expect(abs(there.lower + back.upper) < 0.15 && abs(there.upper + back.lower) < 0.3, "\(there), \(back)")
    }

    /// 95 % of the intervals of samples of 30 must contain the mean they were drawn around; of 400, 380 ± 13 (three
    /// deviations).
    @Test func intervalsCoverTheMeanAsOftenAsTheySay() throws {
        var generator = SplitMix64(seed: 99)
        let covered = (0..<400).count { _ in
            let values = (0..<30).map { _ in
                Double.random(in: 0...1, using: &generator) + Double.random(in: 0...1, using: &generator)
            }
            guard let interval = Bootstrap(resamples: 1000).interval(ofMeanOf: values) else { return false }
            return interval.lower <= 1 && 1 <= interval.upper
        }
        #expect((362...393).contains(covered), "\(covered)")
    }

    @Test func smallSamplesStayWithinTheirValues() throws {
        #expect(Bootstrap().interval(ofMeanOf: [0.5]) == nil)
        #expect(Bootstrap().interval(ofMeanOf: [0.25, 0.75]) == Interval(lower: 0.25, upper: 0.75))
        let lopsided = try #require(Bootstrap().interval(ofMeanOf: Array(repeating: 0.0, count: 107) + [1]))
        #expect(lopsided.lower == 0 && lopsided.upper < 0.1 && lopsided.upper > 1 / 108)
    }
}
