import TensorCore
import Testing

@Suite struct GroupNormTests {
    private let pool = ComputePool(threads: 2)
    private let weight = Samples.uniform([8], seed: 11)
    private let bias = Samples.uniform([8], seed: 12)

    @Test(arguments: [1, 2, 8], [Activation.none, .relu]) func forwardEqualsTheDefinition(groups: Int, activation: Activation) {
        let input = Samples.uniform([2, 8, 3, 5, 7], seed: 13)
        let statistics = GroupNormStatistics(input, groups: groups, pool: pool)
        let output = groupNormForward(input, weight: weight, bias: bias, statistics: statistics, activation: activation, pool: pool)
        let expected = groupNormNaive(input, weight: weight, bias: bias, groups: groups, activation: activation)
        #expect(Samples.error(output, expected) < 1e-6)
    }

    @Test func aLargeMeanDoesNotDrownTheDeviation() {
        let values = Samples.uniform([1, 8, 4, 4, 4], seed: 14).values.map { 1000 + $0 }
        let input = Tensor(values, shape: [1, 8, 4, 4, 4])
        let statistics = GroupNormStatistics(input, groups: 4, pool: pool)
        let output = groupNormForward(input, weight: weight, bias: bias, statistics: statistics, activation: .none, pool: pool)
        let expected = groupNormNaive(input, weight: weight, bias: bias, groups: 4, activation: .none)
        // The inputs themselves are exact; x·scale + shift cancels about three digits.
        #expect(Samples.error(output, expected) < 2e-4)
    }

    @Test(arguments: [Activation.none, .relu]) func gradientsEqualFiniteDifferences(activation: Activation) {
        let input = Samples.uniform([2, 8, 2, 3, 5], seed: 15)
        let seed = Samples.uniform(input.shape, seed: 16)
        let other = Samples.uniform(input.shape, seed: 17)
        let gradients = groupNormBackward(
            seed, input: input, weight: weight, bias: bias, statistics: GroupNormStatistics(input, groups: 4, pool: pool),
            activation: activation, adding: other, pool: pool)
        func value(_ x: Tensor, _ w: Tensor, _ b: Tensor) -> Double {
            Samples.inner(groupNormNaive(x, weight: w, bias: b, groups: 4, activation: activation), seed) + Samples.inner(x, other)
        }
        let byInput = Samples.slope(at: input, along: 18) { value($0, weight, bias) }
        let byWeight = Samples.slope(at: weight, along: 19) { value(input, $0, bias) }
        let byBias = Samples.slope(at: bias, along: 20) { value(input, weight, $0) }
        #expect(abs(Samples.inner(gradients.input, byInput.direction) - byInput.slope) < 5e-3 * max(1, abs(byInput.slope)))
        #expect(abs(Samples.inner(gradients.weight, byWeight.direction) - byWeight.slope) < 5e-3 * max(1, abs(byWeight.slope)))
        #expect(abs(Samples.inner(gradients.bias, byBias.direction) - byBias.slope) < 5e-3 * max(1, abs(byBias.slope)))
    }

    @Test func reluKeepsNotANumberVisible() {
        let input = Tensor([Float](repeating: .nan, count: 64), shape: [1, 8, 2, 2, 2])
        let statistics = GroupNormStatistics(input, groups: 8, pool: pool)
        let output = groupNormForward(input, weight: weight, bias: bias, statistics: statistics, activation: .relu, pool: pool)
        #expect(output.values.allSatisfy { $0.isNaN })
    }
}
