import Glibc

/// Student's t distribution.
package struct StudentDistribution: Sendable, Hashable {
    /// Positive, not necessarily whole.
    package let degreesOfFreedom: Double

    package init(degreesOfFreedom: Double) {
        precondition(degreesOfFreedom > 0, "degrees of freedom must be positive, got \(degreesOfFreedom)")
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// P(|T| ≥ |t|): the p-value of a two-sided test. Keeps its digits down to the smallest numbers; its
    /// relative error is below 1e-12 up to 10 000 degrees and grows with them (1e-10 at a million).
    package func twoSided(_ t: Double) -> Double { beta(point(t)) }

    /// P(T ≤ t).
    package func cumulative(_ t: Double) -> Double {
        t < 0 ? twoSided(t) / 2 : 1 - twoSided(t) / 2
    }

    /// The t with P(T ≤ t) = `p`, 0 < `p` < 1.
    package func quantile(_ p: Double) -> Double {
        precondition(p > 0 && p < 1, "a probability must lie between 0 and 1, got \(p)")
        let half = (degreesOfFreedom + 1) / 2
        let scale = -IncompleteBeta.logBeta(0.5, degreesOfFreedom / 2) - 0.5 * log(degreesOfFreedom)
        return TailInversion(
            tail: { twoSided($0) / 2 },
            central: { beta.complement(point($0)) },
            density: { exp(scale + half * point($0).logX) }
        ).quantile(p)
    }

    private var beta: IncompleteBeta { IncompleteBeta(a: degreesOfFreedom / 2, b: 0.5) }

    /// ν / (ν + t²), which is 1 / (1 + r²) with r = t / √ν, and its complement.
    private func point(_ t: Double) -> IncompleteBeta.Point {
        let r = abs(t) / degreesOfFreedom.squareRoot()
        let square = r * r
        // From 1e9 on, log(1 + r²) is 2 log r to the last bit, and r² may overflow.
        let logX = r > 1e9 ? -2 * log(r) : -log1p(square)
        let x = 1 / (1 + square)
        let complement = r > 1e9 ? 1 : square * x
        return IncompleteBeta.Point(
            x: x, complement: complement, logX: logX, logComplement: r > 1e9 ? -exp(logX) : 2 * log(r) + logX)
    }
}
