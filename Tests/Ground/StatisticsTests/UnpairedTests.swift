import Foundation
import Statistics
import TestSupport
import Testing

@Suite struct UnpairedTests {
    /// networks.md, 5.4: four and five values, worked through by SciPy.
    private let a = [0.9, 0.85, 0.8, 0.95]
    private let b = [0.7, 0.75, 0.9, 0.6, 0.65]

    @Test func studentPoolsVariances() throws {
        let test = try #require(TestResult.student(a, b))
        #expect(abs(test.statistic - 2.3886571085) < 1e-10 && test.degreesOfFreedom == 7)
        #expect(abs(test.p - 0.0482639737) < 1e-10)
    }

    @Test func welchDoesNot() throws {
        let test = try #require(TestResult.welch(a, b))
        #expect(abs(test.statistic - 2.5510587365) < 1e-10)
        #expect(abs(try #require(test.degreesOfFreedom) - 6.436644509555252) < 1e-12)
        #expect(abs(test.p - 0.0408524894) < 1e-10)
    }

    /// Of equally many values with the same deviation the two are one test.
    @Test func equalSpreadMakesThemOne() throws {
        let shifted = a.map { $0 - 0.25 }
        let (student, welch) = (
            try #require(TestResult.student(a, shifted)), try #require(TestResult.welch(a, shifted))
        )
        #expect(agree(student.statistic, welch.statistic, within: 1e-13))
        #expect(agree(student.degreesOfFreedom, welch.degreesOfFreedom, within: 1e-13))
        #expect(agree(student.p, welch.p, within: 1e-12))
    }

    @Test func withoutSpreadTIsUndefined() {
        #expect(TestResult.student([1, 1, 1], [0, 0]) == nil && TestResult.welch([1, 1, 1], [0, 0]) == nil)
        #expect(TestResult.student([0.1, 0.1, 0.1], [0.1, 0.1, 0.1]) == nil)
        #expect(TestResult.student([1], [0, 1]) == nil && TestResult.welch([1, 2], [0]) == nil)
        #expect(TestResult.student([], [0, 1]) == nil)
        #expect(TestResult.welch([1, 2, .nan], [3, .infinity]) == nil)
    }

    @Test func oneSideWithoutSpreadIsEnough() throws {
        let test = try #require(TestResult.welch([1, 1, 1], [0, 0.5]))
        // All the error comes from the second: 0.25 ± 0.25, one degree of freedom.
        #expect(agree(test.statistic, 3, within: 1e-15) && agree(test.degreesOfFreedom, 1, within: 1e-15))
        #expect(agree(test.p, 1 - 2 * Double.atanOf3 / .pi, within: 1e-13))
    }

    @Test func hugeTKeepsItsP() throws {
        let first = (0..<150).map { 1e6 + Double($0 % 3) }
        let second = (0..<150).map { Double($0 % 3) }
        let test = try #require(TestResult.student(first, second))
        #expect(test.statistic > 1e7 && test.p == 0)
        let near = try #require(TestResult.student(first.map { $0 - 1e6 + 8 }, second))
        // SciPy: t 84.5694980474639, p 2.3999952521263373e-210
        #expect(
            agree(near.statistic, 84.5694980474639, within: 1e-12)
                && agree(near.p, 2.3999952521263373e-210, within: 1e-9))
    }

    @Test func descriptionsAndTestsAreSciPys() throws {
        let reference = try Reference.load().unpaired
        #expect(reference.count == 6)
        for expected in reference {
            for moments in [expected.a, expected.b] {
                let description = try #require(Description(of: moments.values))
                #expect(
                    agree(description.mean, moments.mean, within: 1e-14)
                        && agree(description.standardDeviation, moments.deviation, within: 1e-12))
                let quartiles = [description.lowerQuartile, description.median, description.upperQuartile]
                #expect(zip(quartiles, moments.quartiles).allSatisfy { agree($0, $1, within: 1e-14) })
                #expect(
                    agree(description.tInterval?.lower, moments.low, within: 1e-11)
                        && agree(description.tInterval?.upper, moments.high, within: 1e-11))
            }
            let (a, b) = (expected.a.values, expected.b.values)
            for (test, figures) in [
                (TestResult.student(a, b), expected.student), (TestResult.welch(a, b), expected.welch),
            ] {
                let name: Comment = "\(a.count) and \(b.count)"
                #expect(
                    agree(test?.statistic, figures.t, within: 1e-11)
                        && agree(test?.degreesOfFreedom, figures.degrees, within: 1e-12), name)
                #expect(agree(test?.p, figures.p, within: 1e-10), name)
                #expect(agree(test?.differenceInterval?.lower, figures.low, within: 1e-10), name)
                #expect(agree(test?.differenceInterval?.upper, figures.high, within: 1e-10), name)
            }
        }
    }

    @Test(.enabled(if: Fixtures.golden("statistics") != nil)) func goldenTablesAreReproduced() throws {
        let golden = try Golden.load()
        #expect(golden.metrics.count == 6)
        for (name, expected) in golden.metrics {
            let (a, b) = (try #require(golden.tables["a"]?[name]), try #require(golden.tables["b"]?[name]))
            for (values, moments) in [(a, expected.a), (b, expected.b)] {
                let description = try #require(Description(of: values))
                #expect(description.n == moments.n)
                #expect(agree(description.mean, moments.mean, within: 1e-14))
                #expect(agree(description.standardDeviation, moments.standard_deviation, within: 1e-13))
                #expect(agree(description.tInterval?.lower, moments.ci95_low, within: 1e-12))
                #expect(agree(description.tInterval?.upper, moments.ci95_high, within: 1e-12))
            }
            for (test, figures) in [
                (TestResult.student(a, b), expected.student), (TestResult.welch(a, b), expected.welch),
            ] {
                #expect(agree(test?.statistic, figures.t, within: 1e-11))
                #expect(agree(test?.degreesOfFreedom, figures.degrees_of_freedom, within: 1e-12))
                #expect(agree(test?.p, figures.p_two_sided, within: 1e-11))
                #expect(agree(test?.differenceInterval?.lower, figures.difference_ci95_low, within: 1e-11))
                #expect(agree(test?.differenceInterval?.upper, figures.difference_ci95_high, within: 1e-11))
            }
        }
        for entry in golden.t_distribution {
            let distribution = StudentDistribution(degreesOfFreedom: entry.degrees_of_freedom)
            #expect(agree(distribution.twoSided(entry.t), entry.p_two_sided, within: 1e-11))
            #expect(agree(distribution.quantile(0.975), entry.quantile, within: 1e-11))
        }
    }
}

/// golden/statistics/statistics.json
private struct Golden: Decodable {
    struct Moments: Decodable {
        var n: Int
        var mean: Double
        var standard_deviation: Double
        var ci95_low: Double
        var ci95_high: Double
    }
    struct Test: Decodable {
        var t: Double
        var degrees_of_freedom: Double
        var p_two_sided: Double
        var difference_ci95_low: Double
        var difference_ci95_high: Double
    }
    struct Metric: Decodable {
        var a: Moments
        var b: Moments
        var student: Test
        var welch: Test
    }
    struct Point: Decodable {
        var t: Double
        var degrees_of_freedom: Double
        var p_two_sided: Double
        var quantile: Double

        enum CodingKeys: String, CodingKey {
            case t, degrees_of_freedom, p_two_sided
            case quantile = "t_at_97.5_percent"
        }
    }
    var tables: [String: [String: [Double]]]
    var metrics: [String: Metric]
    var t_distribution: [Point]

    static func load() throws -> Golden {
        try JSONDecoder().decode(
            Golden.self, from: Data(contentsOf: #require(Fixtures.golden("statistics/statistics.json"))))
    }
}

extension Double {
    fileprivate static var atanOf3: Double { atan(3) }
}
