import Foundation
import TensorCore
import Testing

@Suite struct PowersTests {
    @Test(arguments: [0.1, 0.7, 1, 1.5, 10] as [Float]) func powersAreThoseOfTheLibrary(exponent: Float) {
        let rare: [Float] = [1e-7, 1e-20, 0x1p-126, 0.70710677, 0.7071069, 0.5]
        let values = (0...1003).map { Float($0) / 1003 } + rare
        var powers = values
        powers.withUnsafeMutableBufferPointer {
            TensorCore.powers($0.baseAddress!, $0.baseAddress!, exponent: exponent, count: $0.count)
        }
        for (value, power) in zip(values, powers) {
            let truth = pow(Double(value), Double(exponent))
            // Below e⁻⁸⁷ exponentials are 0.
            #expect(abs(Double(power) - truth) <= 6e-6 * truth + 1e-37, "\(value)")
        }
    }

    @Test func zeroAndSubnormalNumbersGiveZero() {
        var values: [Float] = [0, 0x1p-130, 0, 0, 0, 0, 0, 0, 0]
        values.withUnsafeMutableBufferPointer {
            powers($0.baseAddress!, $0.baseAddress!, exponent: 0.1, count: $0.count)
        }
        #expect(values == [Float](repeating: 0, count: 9))
    }
}
