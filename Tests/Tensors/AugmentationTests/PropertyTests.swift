import Augmentation
import Foundation
import TensorCore
import Testing

/// What holds of operators whatever their parameters are.
@Suite struct PropertyTests {
    @Test func noiseIsNormal() {
        var patch = LabelledPatch(
            image: Tensor(zeros: [32, 32, 33]), labels: [UInt8](repeating: 0, count: 32 * 32 * 33))
        GaussianNoise(deviation: 2, seed: 5).apply(to: &patch)
        let values = patch.image.values.map { Double($0) / 2 }
        func moment(_ power: Double) -> Double { values.map { pow($0, power) }.reduce(0, +) / Double(values.count) }
        // Four deviations of each moment's own error.
        let error = 4 / Double(values.count).squareRoot()
        #expect(abs(moment(1)) < error)
        #expect(abs(moment(2) - 1) < error * 2.0.squareRoot())
        #expect(abs(moment(3)) < error * 15.0.squareRoot())
        #expect(abs(moment(4) - 3) < error * 96.0.squareRoot())
        for shift in [1, 2, 3, 33] {
            let products: [Double] = zip(values, values.dropFirst(shift)).map { $0 * $1 }
            let correlation = products.reduce(0, +) / Double(products.count)
            #expect(abs(correlation) < error)
        }
        var other = LabelledPatch(image: Tensor(zeros: [32, 32, 33]), labels: patch.labels)
        GaussianNoise(deviation: 2, seed: 6).apply(to: &other)
        #expect(zip(patch.image.values, other.image.values).count { $0 == $1 } < 40)
    }

    @Test func gammaKeepsMeanAndDeviation() {
        for (exponent, inverts) in [(Float(0.7), false), (1.5, true)] {
            let before = SyntheticPatch.of([7, 8, 9])
            var after = before
            Gamma(exponent: exponent, inverts: inverts).apply(to: &after)
            func statistics(_ patch: LabelledPatch) -> (mean: Double, deviation: Double) {
                let values = patch.image.values.map(Double.init)
                let mean = values.reduce(0, +) / Double(values.count)
                return (
                    mean, (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count)).squareRoot()
                )
            }
            #expect(after.image.values != before.image.values)
            #expect(abs(statistics(before).mean - statistics(after).mean) < 1e-6)
            #expect(abs(statistics(before).deviation - statistics(after).deviation) < 1e-6)
        }
    }

    @Test func aPatchOfOneValueStaysOfOneValue() {
        let operators: [any PatchOperator] = [
            GaussianBlur(deviations: [0.5, 1, 0.7]), Contrast(factor: 1.2), LowResolution(shares: [0.5, 0.6, 0.7]),
            Gamma(exponent: 0.7, inverts: false), Gamma(exponent: 1.5, inverts: true),
        ]
        for step in operators {
            var patch = LabelledPatch(
                image: Tensor([Float](repeating: -0.75, count: 60), shape: [3, 4, 5]),
                labels: [UInt8](repeating: 0, count: 60))
            step.apply(to: &patch)
            #expect(patch.image.values.allSatisfy { abs($0 + 0.75) < 1e-6 }, "\(step)")
        }
    }

    @Test func aBlurReachesFurtherThanTheSmallestPatches() {
        for edges in [[1, 1, 1], [1, 2, 3], [2, 2, 2]] {
            var patch = SyntheticPatch.of(edges)
            GaussianBlur(deviations: [1, 1, 1]).apply(to: &patch)
            #expect(patch.image.values.allSatisfy { (0...1).contains($0) })
        }
    }

    @Test func fullResolutionChangesNothing() {
        let before = SyntheticPatch.of([5, 6, 7])
        var after = before
        LowResolution(shares: [1, 1, 1]).apply(to: &after)
        #expect(after == before)
    }

    @Test func twoMirrorsAreNone() {
        let before = SyntheticPatch.of([5, 6, 7])
        for axis in 0..<3 {
            var after = before
            Mirror(axes: [axis]).apply(to: &after)
            #expect(after != before)
            Mirror(axes: [axis]).apply(to: &after)
            #expect(after == before)
        }
    }

    @Test func aHalfTurnTwiceIsTheMiddle() {
        let half = SpatialTransform.matrix(degrees: [0, 180, 0], scales: [1, 1, 1])
        let before = SyntheticPatch.of([9, 9, 9])
        var (turned, cut) = (before, before)
        SpatialTransform(patch: [9, 9, 9], matrix: half).apply(to: &turned)
        SpatialTransform(patch: [7, 7, 7], matrix: half).apply(to: &turned)
        SpatialTransform(patch: [7, 7, 7]).apply(to: &cut)
        #expect(turned.labels == cut.labels)
        #expect(zip(turned.image.values, cut.image.values).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    /// Three tenths lie outside, three are background and four the label, or the other way round.
    @Test func whatLiesOutsideVotesApartFromBackground() {
        var patch = LabelledPatch(image: Tensor([1, 1], shape: [2, 1, 1]), labels: [0, 5])
        SpatialTransform(patch: [1, 1, 2], matrix: [1, 0, -1 / 7, 0, 1, 0, 0, 0, 0.6]).apply(to: &patch)
        #expect(patch.labels == [5, 0])
        #expect(patch.image.values.allSatisfy { abs($0 - 0.7) < 1e-6 })
    }

    /// A ramp's interpolated values are the places that were read.
    @Test func elasticDisplacementsAreSmoothBoundedAndCentred() throws {
        var deforming = Augmentation(.none)
        deforming.elastic.probability = 1
        deforming.elastic.smoothness = 0.1...0.2
        deforming.elastic.displacement = 3...3
        let (edge, wide) = (16, 32)
        for index in 0..<3 {
            let step = try #require(
                deforming.operators(for: [edge, edge, edge], leftRightAxis: 0, seed: 9, index: index).first)
            for axis in 0..<3 {
                var patch = SyntheticPatch.ramp([wide, wide, wide], along: axis)
                step.apply(to: &patch)
                let strides = [edge * edge, edge, 1]
                let moves = patch.image.values.enumerated().map { place, value in
                    value - Float(place / strides[axis] % edge) - Float(wide - edge) / 2
                }
                #expect(abs(moves.reduce(0, +) / Float(moves.count)) < 1e-3)
                let largest = moves.map(abs).max() ?? 0
                #expect(largest > 1.5 && largest < 4.5)
                // √3 · 0.1 · 16 voxels lie between two knots at least.
                for other in 0..<3 {
                    let steepest = moves.indices.filter { $0 / strides[other] % edge < edge - 1 }.map {
                        abs(moves[$0 + strides[other]] - moves[$0])
                    }
                    #expect((steepest.max() ?? 0) < 3)
                }
            }
        }
    }
}
