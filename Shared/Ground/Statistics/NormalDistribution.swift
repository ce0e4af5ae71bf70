import Glibc

/// The standard normal distribution.
package enum NormalDistribution {
    /// P(Z ≤ z).
    package static func cumulative(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

    /// P(|Z| ≥ |z|): the p-value of a two-sided test.
    package static func twoSided(_ z: Double) -> Double { erfc(abs(z) / 2.0.squareRoot()) }

    /// The z with P(Z ≤ z) = `p`, 0 < `p` < 1.
    package static func quantile(_ p: Double) -> Double {
        precondition(p > 0 && p < 1, "a probability must lie between 0 and 1, got \(p)")
        return TailInversion(
            tail: { twoSided($0) / 2 },
            central: { erf($0 / 2.0.squareRoot()) },
            density: { exp(-$0 * $0 / 2) / (2 * .pi).squareRoot() }
        ).quantile(p)
    }
}
