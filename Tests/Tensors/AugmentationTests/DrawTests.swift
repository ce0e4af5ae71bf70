import Augmentation
import TensorCore
import Testing

/// nnU-Net's table (networks.md, 3.8), as the draws of many patches show it.
@Suite struct DrawTests {
    private static let count = 4000
    private static let steps = (0..<count).map {
        Augmentation.nnUNet.operators(for: [8, 8, 8], leftRightAxis: 0, seed: 11, index: $0)
    }

    private func drawn<Operator: PatchOperator>(_: Operator.Type) -> [Operator] {
        Self.steps.flatMap { $0.compactMap { $0 as? Operator } }
    }

    /// Within four deviations of a binomial distribution.
    private func isShare(_ found: Int, _ probability: Double, of count: Int = count) -> Bool {
        let deviation = (Double(count) * probability * (1 - probability)).squareRoot()
        return abs(Double(found) - Double(count) * probability) < 4 * deviation
    }

    @Test func everyOperatorIsDrawnAsOftenAsNNUNetDrawsIt() {
        #expect(isShare(drawn(SpatialTransform.self).count { $0.matrix != nil }, 0.36))
        #expect(drawn(SpatialTransform.self).allSatisfy { $0.field == nil })
        #expect(isShare(drawn(GaussianNoise.self).count, 0.1))
        #expect(isShare(drawn(GaussianBlur.self).count, 0.2 * 0.5))
        #expect(isShare(drawn(Brightness.self).count, 0.15))
        #expect(isShare(drawn(Contrast.self).count, 0.15))
        #expect(isShare(drawn(LowResolution.self).count, 0.25 * 0.5))
        #expect(isShare(drawn(Gamma.self).count { $0.inverts }, 0.1))
        #expect(isShare(drawn(Gamma.self).count { !$0.inverts }, 0.3))
        for axis in 0..<3 { #expect(isShare(drawn(Mirror.self).count { $0.axes.contains(axis) }, 0.5)) }
        #expect(drawn(LightJitter.self).isEmpty)
    }

    @Test func theOrderIsNNUNets() {
        let order = [
            "SpatialTransform", "GaussianNoise", "GaussianBlur", "Brightness", "Contrast", "LowResolution", "Gamma",
            "Mirror",
        ]
        for steps in Self.steps {
            let places = steps.map { order.firstIndex(of: "\(type(of: $0))") ?? -1 }
            #expect(places == places.sorted() && places.first == 0)
            let gammas = steps.compactMap { $0 as? Gamma }
            #expect(gammas.count < 2 || gammas[0].inverts && !gammas[1].inverts)
        }
    }

    @Test func parametersFillTheirRanges() {
        func fills(_ values: [Double], _ range: ClosedRange<Double>) -> Bool {
            let margin = (range.upperBound - range.lowerBound) / 10
            return values.allSatisfy(range.contains)
                && (values.min() ?? .infinity) < range.lowerBound + margin
                && (values.max() ?? -.infinity) > range.upperBound - margin
        }
        #expect(fills(drawn(GaussianNoise.self).map { Double($0.deviation) }, 0...0.1))
        #expect(fills(drawn(GaussianBlur.self).flatMap(\.deviations), 0.5...1))
        #expect(fills(drawn(LowResolution.self).map { $0.shares[0] }, 0.5...1))
        #expect(drawn(LowResolution.self).allSatisfy { Set($0.shares).count == 1 })
        // Half of the factors lie below 1, although two thirds of gamma's range lie above.
        for (factors, range) in [
            (drawn(Brightness.self).map(\.factor), 0.75...1.25), (drawn(Contrast.self).map(\.factor), 0.75...1.25),
            (drawn(Gamma.self).map(\.exponent), 0.7...1.5),
        ] {
            #expect(fills(factors.map(Double.init), range))
            #expect(isShare(factors.count { $0 < 1 }, 0.5, of: factors.count))
        }
    }

    @Test func matricesAreRotationsTimesOneFactor() {
        var factors: [Double] = []
        for case let matrix? in drawn(SpatialTransform.self).map(\.matrix) {
            let columns = (0..<3).map { column in (0..<3).map { matrix[$0 * 3 + column] } }
            let lengths = columns.map { ($0[0] * $0[0] + $0[1] * $0[1] + $0[2] * $0[2]).squareRoot() }
            #expect(abs(lengths[0] - lengths[1]) < 1e-9 && abs(lengths[0] - lengths[2]) < 1e-9)
            let products = zip(columns[0], columns[1]).map { $0 * $1 }
            #expect(abs(products.reduce(0, +)) < 1e-9)
            factors.append(lengths[0])
        }
        let scaled = factors.filter { abs($0 - 1) > 1e-9 }
        #expect(scaled.allSatisfy((0.7...1.4).contains) && (scaled.min() ?? 1) < 0.75 && (scaled.max() ?? 1) > 1.35)
        #expect(isShare(scaled.count, 0.2))
    }

    @Test func drawsDependOnTheSeedAndTheIndex() {
        func noises(_ seed: UInt64) -> Set<UInt64> {
            Set(
                (0..<500).flatMap { index in
                    Augmentation.nnUNet.operators(for: [8, 8, 8], leftRightAxis: 0, seed: seed, index: index)
                        .compactMap { ($0 as? GaussianNoise)?.seed }
                })
        }
        #expect(noises(1).count > 20 && noises(1).isDisjoint(with: noises(2)))
    }
}
