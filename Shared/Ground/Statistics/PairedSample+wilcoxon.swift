extension PairedSample {
    /// Wilcoxon's signed-rank test; its statistic is W⁺, the sum of the ranks of the positive differences.
    ///
    /// Differences of exactly 0 are dropped (Wilcoxon's own way, `zero_method='wilcox'` of SciPy), equal ones share
    /// their mean rank. p is exact for up to 50 pairs without zeros and ties and for up to 13 pairs with them; beyond
    /// that it is that of the normal approximation with tie correction and without continuity correction (SciPy's
    /// `method='auto'`). Nil if all differences are 0.
    package var wilcoxon: TestResult? {
        let ranks = SignedRanks(differences.values)
        guard ranks.count > 0 else { return nil }
        let isClear = !ranks.hasTies && ranks.count == count
        let p = count <= (isClear ? 50 : 13) ? ranks.exactTwoSided : ranks.approximateTwoSided
        return TestResult(statistic: ranks.positiveSum, degreesOfFreedom: nil, p: p, differenceInterval: nil)
    }
}

/// The ranks of differences by their size. All of them are counted in halves, as whole numbers: mean ranks of ties end
/// in ½ or 0.
private struct SignedRanks {
    /// Twice the ranks.
    private var doubled: [Int] = []
    private var doubledPositiveSum = 0
    /// Σ (t³ − t) over groups of t equal ones.
    private var tieCorrection = 0.0

    init(_ differences: [Double]) {
        let sorted = differences.filter { $0 != 0 }.sorted { abs($0) < abs($1) }
        var start = 0
        while start < sorted.count {
            let end = sorted[start...].firstIndex { abs($0) != abs(sorted[start]) } ?? sorted.count
            // Ranks start + 1 … end, the mean of which is (start + 1 + end) / 2.
            let rank = start + 1 + end
            doubled += Array(repeating: rank, count: end - start)
            doubledPositiveSum += rank * sorted[start..<end].count { $0 > 0 }
            let size = Double(end - start)
            tieCorrection += size * size * size - size
            start = end
        }
    }

    var count: Int { doubled.count }
    var hasTies: Bool { tieCorrection > 0 }
    var positiveSum: Double { Double(doubledPositiveSum) / 2 }

    /// Twice the smaller tail among all 2ⁿ choices of signs, each as likely; at most 1. Counts up to 2⁵⁰ are exact as
    /// they are.
    var exactTwoSided: Double {
        let total = doubled.reduce(0, +)
        /// How many choices of signs give each sum.
        var choices = [Double](repeating: 0, count: total + 1)
        choices[0] = 1
        for rank in doubled {
            for sum in stride(from: total, through: rank, by: -1) { choices[sum] += choices[sum - rank] }
        }
        // Ranks are distributed symmetrically: what lies above the sum lies as far below the mirrored one.
        let tail = choices[...min(doubledPositiveSum, total - doubledPositiveSum)].reduce(0, +)
        return min(1, 2 * tail / choices.reduce(0, +))
    }

    var approximateTwoSided: Double {
        let n = Double(count)
        let variance = (n * (n + 1) * (2 * n + 1) - tieCorrection / 2) / 24
        return NormalDistribution.twoSided((positiveSum - n * (n + 1) / 4) / variance.squareRoot())
    }
}
