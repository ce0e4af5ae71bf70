import Statistics
import Testing

@Suite struct PairedSampleTests {
    @Test func tTestAndWilcoxonAreSciPys() throws {
        let reference = try Reference.load()
        #expect(reference.paired.count == 31)
        for expected in reference.paired {
            let pairs = try #require(PairedSample(zip(expected.a, expected.b)))
            let name: Comment = "\(expected.n) \(expected.kind)"
            #expect(pairs.count == expected.n, name)
            #expect(agree(pairs.tTest?.statistic, expected.t), name)
            #expect(agree(pairs.tTest?.p, expected.t_p, within: 1e-8), name)
            #expect(agree(pairs.tTest?.differenceInterval?.lower, expected.low), name)
            #expect(agree(pairs.tTest?.differenceInterval?.upper, expected.high), name)
            let wilcoxon = try #require(pairs.wilcoxon)
            #expect(wilcoxon.statistic == expected.positive_rank_sum, name)
            #expect(agree(wilcoxon.p, expected.wilcoxon_p, within: 1e-10), name)
            #expect(wilcoxon.degreesOfFreedom == nil && wilcoxon.differenceInterval == nil)
        }
    }

    /// All choices of signs, one by one.
    @Test(arguments: 1...10) func exactWilcoxonIsTheCountOfAllSigns(_ n: Int) throws {
        var generator = SplitMix64(seed: UInt64(n))
        for ties in [false, true] {
            let differences = (1...n).map {
                Double(ties ? Int.random(in: 1...3, using: &generator) : $0) * (Bool.random(using: &generator) ? 1 : -1)
            }
            let ranks = differences.map { difference in
                let smaller = differences.count { abs($0) < abs(difference) }
                let equal = differences.count { abs($0) == abs(difference) }
                return Double(smaller) + Double(equal + 1) / 2
            }
            let observed = zip(differences, ranks).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
            let sums = (0..<1 << n).map { signs in
                ranks.indices.reduce(0.0) { $0 + (signs >> $1 & 1 == 1 ? ranks[$1] : 0) }
            }
            let (below, above) = (sums.count { $0 <= observed }, sums.count { $0 >= observed })
            let p = min(1, 2 * Double(min(below, above)) / Double(sums.count))
            let wilcoxon = try #require(PairedSample(differences.map { ($0, 0) })?.wilcoxon)
            #expect(wilcoxon.statistic == observed)
            #expect(agree(wilcoxon.p, p, within: 1e-14), "\(differences): \(wilcoxon.p), counted \(p)")
        }
    }

    @Test func zerosAreDroppedFromTheRanks() throws {
        let wilcoxon = try #require(PairedSample([(3, 3), (2, 1), (1, 1), (9, 7), (4, 7)])?.wilcoxon)
        // |differences| 1, 2, 3 with signs + + −
        #expect(wilcoxon.statistic == 3)
        #expect(wilcoxon.p == 1)
    }

    @Test func effectSizeIsMeanOverDeviation() throws {
        let pairs = try #require(PairedSample([(3, 1), (5, 1), (7, 1), (9, 1)]))
        // differences 2, 4, 6, 8: mean 5, variance 20 / 3
        #expect(agree(pairs.effectSize, 5 / (20.0 / 3).squareRoot(), within: 1e-15))
        #expect(pairs.meanDifference == 5)
    }

    @Test func testsWithoutSpreadAreUndefined() throws {
        let same = try #require(PairedSample([(0.5, 0.5), (0.5, 0.5), (0.7, 0.7)]))
        #expect(same.tTest == nil && same.wilcoxon == nil && same.effectSize == nil)
        #expect(same.meanDifference == 0)
        // 0.1 everywhere but for the rounding of the subtraction: scipy would call that t = 1e16.
        let shifted = try #require(PairedSample([(0.3, 0.2), (0.5, 0.4), (0.7, 0.6), (0.9, 0.8)]))
        #expect(shifted.tTest == nil && shifted.effectSize == nil)
        #expect(shifted.wilcoxon?.p == 0.125)
        let one = try #require(PairedSample([(0.9, 0.7)]))
        #expect(one.tTest == nil && one.wilcoxon?.p == 1)
        #expect(PairedSample([(Double, Double)]()) == nil)
        #expect(PairedSample([(Double.nan, 1.0), (.infinity, 2)]) == nil)
    }

    @Test func orderOfPairsDoesNotChangeABit() throws {
        let pairs = try #require(
            try Reference.load().paired.first { $0.n == 108 && $0.kind == "plain" }.map { Array(zip($0.a, $0.b)) })
        let expected = try #require(PairedSample(pairs))
        var generator = SplitMix64(seed: 7)
        for _ in 0..<20 {
            let shuffled = try #require(PairedSample(pairs.shuffled(using: &generator)))
            #expect(
                shuffled.tTest == expected.tTest && shuffled.wilcoxon == expected.wilcoxon
                    && shuffled.effectSize == expected.effectSize)
        }
    }

    @Test func swappedModelsGiveTheSameP() throws {
        for expected in try Reference.load().paired {
            let (there, back) = (PairedSample(zip(expected.a, expected.b)), PairedSample(zip(expected.b, expected.a)))
            #expect(agree(there?.tTest?.p, back?.tTest?.p, within: 1e-14))
            #expect(agree(there?.wilcoxon?.p, back?.wilcoxon?.p, within: 1e-14))
        }
    }
}
