import Foundation

/// The vertical (or horizontal) axis of a figure, with round numbers.
struct ValueAxis {
    let low: Double
    let high: Double
    let step: Double

    /// About five intervals of 1, 2 or 5 · 10ⁿ that hold low and high.
    init(low: Double, high: Double) {
        let range = high > low ? high - low : max(abs(high), 1)
        let power = pow(10, floor(log10(range / 5)))
        let step = [1, 2, 5, 10].map { $0 * power }.first { range / $0 <= 6 } ?? 10 * power
        self.step = step
        self.low = floor(low / step + 1e-9) * step
        self.high = max(ceil(high / step - 1e-9) * step, self.low + step)
    }

    var ticks: [Double] { (0...Int(((high - low) / step).rounded())).map { low + Double($0) * step } }

    /// Digits after the point that tell ticks apart.
    var digits: Int { max(0, Int(-floor(log10(step) + 1e-9))) }

    /// 0 at the low end, 1 at the high end.
    func share(_ value: Double) -> Double { (value - low) / (high - low) }
}
