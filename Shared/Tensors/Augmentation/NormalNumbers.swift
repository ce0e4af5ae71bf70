import Statistics

/// Standard normal numbers, one look-up each: the quantiles at the middles of 2¹⁶ equal steps of probability.
///
/// |z| is below 4.4 and the deviation 1 to four digits. A quarter of a megabyte, made once.
enum NormalNumbers {
    static let quantiles: [Float] = {
        let count = 1 << 16
        let upper = (0..<count / 2).map { Float(NormalDistribution.quantile(0.5 + (Double($0) + 0.5) / Double(count))) }
        return upper.reversed().map { -$0 } + upper
    }()

    static func draw(_ random: inout StepRandom) -> Float { quantiles[Int(random.next() >> 48)] }
}
