import Glibc

/// The positive deviate of a symmetric distribution for a given probability.
struct TailInversion {
    /// P(X > t)
    var tail: (Double) -> Double
    /// P(|X| < t)
    var central: (Double) -> Double
    var density: (Double) -> Double

    /// The t with P(X ≤ t) = `p`, 0 < `p` < 1.
    func quantile(_ p: Double) -> Double {
        if p == 0.5 { return 0 }
        return p < 0.5 ? -deviate(upper: p, central: 1 - 2 * p) : deviate(upper: 1 - p, central: 2 * p - 1)
    }

    /// Newton's method on the logarithms of t and of the probability, in which a power tail is a straight line;
    /// bisected where a step leaves the bracket.
    private func deviate(upper: Double, central probability: Double) -> Double {
        /// Increasing in u = log t, and its slope.
        func excess(_ u: Double) -> (value: Double, slope: Double) {
            let t = exp(u)
            if probability < 0.5 {
                let inside = central(t)
                return (log(inside) - log(probability), 2 * t * density(t) / inside)
            }
            let outside = tail(t)
            return (log(upper) - log(outside), t * density(t) / outside)
        }
        var (low, high, u) = (-745.0, 709.0, 0.0)
        for _ in 0..<200 {
            let (value, slope) = excess(u)
            if value == 0 { break }
            if value < 0 { low = u } else { high = u }
            var next = u - value / slope
            if !(next > low && next < high) { next = low + (high - low) / 2 }
            let isSettled = abs(next - u) <= 1e-15 * max(1, abs(u))
            u = next
            if isSettled { break }
        }
        return exp(u)
    }
}
