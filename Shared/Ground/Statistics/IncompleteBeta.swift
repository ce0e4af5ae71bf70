import Glibc

/// The regularised incomplete beta function I_x(a, b).
///
/// x comes together with its complement and the logarithms of both, so that nothing is lost where one of them is close
/// to 0 or underflows: p-values of 1e-300 keep their digits.
struct IncompleteBeta {
    private let a: Double
    private let b: Double
    /// log B(a, b)
    private let logBeta: Double

    /// Parameters are positive.
    init(a: Double, b: Double) {
        self.a = a
        self.b = b
        logBeta = Self.logBeta(a, b)
    }

    /// A point between 0 and 1.
    struct Point {
        var x: Double
        var complement: Double
        var logX: Double
        var logComplement: Double

        var mirrored: Point { Point(x: complement, complement: x, logX: logComplement, logComplement: logX) }
    }

    /// I_x(a, b), with about 13 correct digits also where it is tiny.
    func callAsFunction(_ point: Point) -> Double {
        if isBelowMode(point) { return lower(point, a, b) }
        return 1 - lower(point.mirrored, b, a)
    }

    /// 1 − I_x(a, b), likewise.
    func complement(_ point: Point) -> Double {
        if isBelowMode(point) { return 1 - lower(point, a, b) }
        return lower(point.mirrored, b, a)
    }

    /// Where the continued fraction of I_x converges fast; elsewhere that of the mirrored point does.
    private func isBelowMode(_ point: Point) -> Bool { point.x < (a + 1) / (a + b + 2) }

    private func lower(_ point: Point, _ a: Double, _ b: Double) -> Double {
        guard point.logX > -.infinity else { return 0 }
        let prefactor = exp(a * point.logX + b * point.logComplement - logBeta)
        return prefactor / a * Self.fraction(point.x, a, b)
    }

    /// 1 / (1 + d₁ / (1 + d₂ / (1 + …))) of DLMF 8.17.22, evaluated from the front (Lentz 1976, Thompson and Barnett
    /// 1986).
    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        /// d₁, d₂, …
        func coefficient(_ index: Int) -> Double {
            let m = Double(index / 2)
            if index % 2 == 0 { return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)) }
            return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        }
        var (value, numerator, denominator) = (1.0, 1.0, 0.0)
        // About √max(a, b) terms are needed; the bound is never reached for numbers that are.
        for index in 1...(200 + 20 * Int(min(1e12, max(a, b)).squareRoot())) {
            let d = coefficient(index)
            denominator = 1 + d * denominator
            numerator = 1 + d / numerator
            if abs(denominator) < tiny { denominator = tiny }
            if abs(numerator) < tiny { numerator = tiny }
            denominator = 1 / denominator
            value *= numerator * denominator
            if abs(numerator * denominator - 1) < 1e-16 { break }
        }
        return 1 / value
    }

    /// log B(a, b): both arguments are raised to 10 or more by B(a, b) = B(a + 1, b) · (a + b) / a, where Stirling's
    /// series holds. Subtracting log Γ of large arguments would lose eight digits at a million degrees of freedom.
    static func logBeta(_ first: Double, _ second: Double) -> Double {
        var (a, b, raised) = (first, second, 0.0)
        while a < 10 {
            raised += log((a + b) / a)
            a += 1
        }
        while b < 10 {
            raised += log((a + b) / b)
            b += 1
        }
        let (small, large) = (min(a, b), max(a, b))
        let correction = stirlingRemainder(small) + stirlingRemainder(large) - stirlingRemainder(small + large)
        let share = small / (small + large)
        return raised + correction + 0.5 * log(2 * .pi) - 0.5 * log(large) + (small - 0.5) * log(share) + large
            * log1p(-share)
    }

    /// log Γ(x) − ((x − ½) log x − x + ½ log 2π) for x of 10 and more (DLMF 5.11.1).
    private static func stirlingRemainder(_ x: Double) -> Double {
        let inverse = 1 / x
        let square = inverse * inverse
        let coefficients = [1 / 12.0, -1 / 360.0, 1 / 1260.0, -1 / 1680.0, 1 / 1188.0, -691 / 360_360.0, 1 / 156.0]
        return inverse * coefficients.reversed().reduce(0) { $0 * square + $1 }
    }
}
