import TensorCore
import TestSupport
import Testing
import Threads

@Suite struct NormalizationTests {
    private let workspace = Workspace(pool: ComputePool(threads: 2))
    private let weight = Samples.uniform([8], seed: 11)
    private let bias = Samples.uniform([8], seed: 12)

    private func feature(_ input: Tensor, groups: Int, slope: Float) -> (normalization: Normalization, feature: Feature)
    {
        let map = FeatureMap(input, in: workspace)
        let normalization = Normalization(map, sums: ChannelSums(of: map, in: workspace), groups: groups)
        return (normalization, normalization.feature(map, weight: weight, bias: bias, slope: slope))
    }

    @Test(arguments: [1, 2, 8], [0, 0.01, 1] as [Float]) func forwardEqualsTheDefinition(groups: Int, slope: Float) {
        let input = Samples.uniform([2, 8, 3, 5, 7], seed: 13)
        let output = activated(feature(input, groups: groups, slope: slope).feature, in: workspace).planar(
            in: workspace)
        #expect(
            Comparison.error(output, normNaive(input, weight: weight, bias: bias, groups: groups, slope: slope)) < 1e-6)
    }

    @Test func aLargeMeanDoesNotDrownTheDeviation() {
        let values = Samples.uniform([1, 8, 4, 4, 4], seed: 14).values.map { 1000 + $0 }
        let input = Tensor(values, shape: [1, 8, 4, 4, 4])
        let output = activated(feature(input, groups: 4, slope: 1).feature, in: workspace).planar(in: workspace)
        // The inputs themselves are exact; x·scale + shift cancels about three digits.
        #expect(Comparison.error(output, normNaive(input, weight: weight, bias: bias, groups: 4, slope: 1)) < 2e-4)
    }

    /// Sums that a convolution gathers on its way out, in single precision over a few voxels.
    @Test(arguments: Arithmetic.allCases) func aLargeMeanDoesNotDrownGatheredSums(arithmetic: Arithmetic) throws {
        let input = Tensor(
            Samples.uniform([1, 8, 8, 8, 12], seed: 14).values.map { 100 + $0 }, shape: [1, 8, 8, 8, 12])
        let weight = Tensor((0..<1728).map { $0 % 27 == 13 && $0 / 27 % 9 == 0 ? 1 : 0 }, shape: [8, 8, 3, 3, 3])
        let convolution = Convolution3d(
            geometry: ConvolutionGeometry(kernel: Triple(3)), weight: weight, arithmetic: arithmetic)
        let (map, sums) = convolution.forward(
            [Feature(FeatureMap(input, in: workspace))], gathersSums: true, in: workspace)
        let gathered = Normalization(map, sums: try #require(sums), groups: 4)
        let output = activated(gathered.feature(map, weight: self.weight, bias: bias, slope: 1), in: workspace).planar(
            in: workspace)
        let made = map.planar(in: workspace)
        #expect(Comparison.error(output, normNaive(made, weight: self.weight, bias: bias, groups: 4, slope: 1)) < 2e-3)
    }

    /// A 1×1×1 convolution behind the norm hands its gradient through activation and norm.
    @Test(arguments: [0, 0.01, 1] as [Float]) func gradientsEqualFiniteDifferences(slope: Float) throws {
        let input = Samples.uniform([2, 8, 2, 3, 5], seed: 15)
        let seed = Samples.uniform([2, 8, 2, 3, 5], seed: 16)
        let other = Samples.uniform(input.shape, seed: 17)
        let identity = Tensor((0..<64).map { $0 % 9 == 0 ? 1 : 0 }, shape: [8, 8, 1, 1, 1])
        let convolution = Convolution3d(
            geometry: ConvolutionGeometry(kernel: Triple(1)), weight: identity, arithmetic: .exact)
        let (normalization, feature) = feature(input, groups: 4, slope: slope)
        let (map, sums) = convolution.inputGradient(
            FeatureMap(seed, in: workspace), inputs: 0..<8, extent: input.extent, target: GradientTarget(gate: feature),
            in: workspace)
        normalization.inputGradient(
            map, of: feature.map, weight: weight, sums: try #require(sums), adding: FeatureMap(other, in: workspace),
            in: workspace)
        let parameters = normalization.parameterGradients(try #require(sums))

        func value(_ x: Tensor, _ w: Tensor, _ b: Tensor) -> Double {
            Samples.inner(normNaive(x, weight: w, bias: b, groups: 4, slope: slope), seed) + Samples.inner(x, other)
        }
        let byInput = Samples.slope(at: input, along: 18) { value($0, weight, bias) }
        let byWeight = Samples.slope(at: weight, along: 19) { value(input, $0, bias) }
        let byBias = Samples.slope(at: bias, along: 20) { value(input, weight, $0) }
        #expect(
            abs(Samples.inner(map.planar(in: workspace), byInput.direction) - byInput.slope) < 5e-3
                * max(1, abs(byInput.slope)))
        #expect(
            abs(Samples.inner(parameters.weight, byWeight.direction) - byWeight.slope) < 5e-3
                * max(1, abs(byWeight.slope)))
        #expect(abs(Samples.inner(parameters.bias, byBias.direction) - byBias.slope) < 5e-3 * max(1, abs(byBias.slope)))
    }

    @Test func anActivationKeepsNotANumberVisible() {
        let input = Tensor([Float](repeating: .nan, count: 64), shape: [1, 8, 2, 2, 2])
        let output = activated(feature(input, groups: 8, slope: 0).feature, in: workspace).planar(in: workspace)
        #expect(output.values.allSatisfy { $0.isNaN })
    }
}
