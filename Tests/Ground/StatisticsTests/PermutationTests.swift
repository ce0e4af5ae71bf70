import Statistics
import Testing

/// Tests of means against what they approximate: the share of all relabellings of the same numbers that differ as much.
@Suite struct PermutationTests {
    /// Sums of uniform numbers, close to normal.
    private func sample(_ n: Int, shift: Double, _ generator: inout SplitMix64) -> [Double] {
        (0..<n).map { _ in (0..<6).reduce(shift) { sum, _ in sum + Double.random(in: 0...1, using: &generator) } }
    }

    @Test(arguments: 1...20) func unpairedPIsCloseToAllRelabellings(_ seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        let (a, b) = (sample(7, shift: 0, &generator), sample(7, shift: Double(seed) / 15, &generator))
        let (all, whole) = (a + b, (a + b).reduce(0, +))
        /// 2 · (sum of one group) − sum of both is n times the difference of the means.
        let observed = abs(2 * a.reduce(0, +) - whole)
        var (relabellings, asLarge) = (0, 0)
        for choice in 0..<1 << 14 where choice.nonzeroBitCount == 7 {
            let sum = all.indices.reduce(0.0) { $0 + (choice >> $1 & 1 == 1 ? all[$1] : 0) }
            relabellings += 1
            if abs(2 * sum - whole) >= observed - 1e-12 { asLarge += 1 }
        }
        #expect(relabellings == 3432)
        let p = Double(asLarge) / Double(relabellings)
        for test in [TestResult.student(a, b), .welch(a, b)] {
            #expect(abs(try #require(test?.p) - p) < 0.03, "permutations \(p)")
        }
    }

    @Test(arguments: 1...20) func pairedPIsCloseToAllSigns(_ seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        let pairs = Array(zip(sample(12, shift: Double(seed) / 20, &generator), sample(12, shift: 0, &generator)))
        let differences = pairs.map { $0.0 - $0.1 }
        let observed = abs(differences.reduce(0, +))
        let asLarge = (0..<1 << 12).count { signs in
            abs(differences.indices.reduce(0.0) { $0 + (signs >> $1 & 1 == 1 ? differences[$1] : -differences[$1]) })
                >= observed - 1e-12
        }
        let test = try #require(PairedSample(pairs)?.tTest)
        #expect(abs(test.p - Double(asLarge) / 4096) < 0.03, "signs \(Double(asLarge) / 4096)")
    }

    /// Where nothing differs, 5 % of the p-values are below 0.05: of 2000, 100 ± 30 (three deviations).
    @Test func falseAlarmsAreAsFrequentAsTheySay() {
        var generator = SplitMix64(seed: 77)
        var alarms = (student: 0, welch: 0, paired: 0, wilcoxon: 0)
        for _ in 0..<2000 {
            let (a, b) = (sample(15, shift: 0, &generator), sample(15, shift: 0, &generator))
            let pairs = PairedSample(zip(a, b))
            alarms.student += (TestResult.student(a, b)?.p ?? 0) < 0.05 ? 1 : 0
            alarms.welch += (TestResult.welch(a, b)?.p ?? 0) < 0.05 ? 1 : 0
            alarms.paired += (pairs?.tTest?.p ?? 0) < 0.05 ? 1 : 0
            alarms.wilcoxon += (pairs?.wilcoxon?.p ?? 0) < 0.05 ? 1 : 0
        }
        for count in [alarms.student, alarms.welch, alarms.paired, alarms.wilcoxon] {
            #expect((70...130).contains(count), "\(alarms)")
        }
    }
}
