import Glibc
import Statistics
import Testing

@Suite struct StudentDistributionTests {
    @Test func twoSidedPKeepsItsDigitsFromOneDegreeToAMillion() throws {
        let reference = try Reference.load()
        #expect(reference.student.count == 56)
        for entry in reference.student {
            let p = StudentDistribution(degreesOfFreedom: entry.degrees).twoSided(entry.t)
            #expect(
                agree(p, entry.p, within: 1e-12 + 1e-16 * entry.degrees),
                "t \(entry.t), \(entry.degrees) degrees: \(p), expected \(entry.p)")
            #expect(StudentDistribution(degreesOfFreedom: entry.degrees).twoSided(-entry.t) == p)
        }
    }

    @Test func quantilesAreSciPys() throws {
        for entry in try Reference.load().student_quantiles {
            let t = StudentDistribution(degreesOfFreedom: entry.degrees).quantile(entry.p)
            // Close to the middle, a rounding of p itself moves t.
            let tolerance = abs(entry.p - 0.5) < 0.01 ? 1e-9 : 1e-11
            #expect(
                agree(t, entry.t, within: tolerance),
                "p \(entry.p), \(entry.degrees) degrees: \(t), expected \(entry.t)")
        }
    }

    /// With one degree it is Cauchy's distribution, with two it has a closed form too.
    @Test(arguments: [-1e5, -3, -0.7, 0, 1e-6, 0.2, 1, 12.7, 4e8]) func smallDegreesFollowTheirClosedForms(_ t: Double)
    {
        let cauchy = 0.5 + atan2(t, 1) / .pi
        #expect(abs(StudentDistribution(degreesOfFreedom: 1).cumulative(t) - cauchy) < 1e-15)
        let two = 0.5 + t / (2 * (2 + t * t).squareRoot())
        #expect(abs(StudentDistribution(degreesOfFreedom: 2).cumulative(t) - two) < 1e-15)
    }

    @Test(arguments: [0.5, 1, 3, 24, 107, 1e4, 1e6]) func quantileUndoesTheDistribution(_ degrees: Double) {
        let distribution = StudentDistribution(degreesOfFreedom: degrees)
        for p in [1e-250, 1e-20, 1e-3, 0.2, 0.45, 0.499] {
            let t = distribution.quantile(p)
            if t > -1e300 { #expect(agree(distribution.cumulative(t), p, within: 1e-11), "\(p): t \(t)") }
            if p > 1e-5 { #expect(agree(distribution.quantile(1 - p), -t, within: 1e-10), "\(p)") }
        }
    }

    @Test func endlessTGivesNoP() {
        #expect(StudentDistribution(degreesOfFreedom: 5).twoSided(.infinity) == 0)
        #expect(StudentDistribution(degreesOfFreedom: 100).twoSided(1e200) == 0)
    }

    @Test func normalDistributionIsSciPys() throws {
        let reference = try Reference.load()
        for entry in reference.normal {
            #expect(agree(NormalDistribution.cumulative(entry.z), entry.p, within: 1e-13), "\(entry.z)")
        }
        for entry in reference.normal_quantiles {
            #expect(abs(NormalDistribution.quantile(entry.p) - entry.z) <= 1e-12 * max(1, abs(entry.z)), "\(entry.p)")
        }
        #expect(agree(NormalDistribution.twoSided(-1.959963984540054), 0.05, within: 1e-14))
    }
}
