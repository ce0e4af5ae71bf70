import TensorCore
import Testing

@Suite struct PointwiseConvolutionTests {
    private let pool = ComputePool(threads: 2)
    private let input = Samples.uniform([2, 7, 5, 31, 33], seed: 21)
    private let weight = Samples.uniform([26, 7, 1, 1, 1], seed: 22)
    private let gradient = Samples.uniform([2, 26, 5, 31, 33], seed: 23)

    @Test func forwardEqualsTheDefinition() {
        let bias = Samples.uniform([26], seed: 24)
        var expected = conv3dForwardNaive(input, weight: weight)
        let voxels = expected.extent.count
        for index in 0..<expected.count { expected[index] += bias[index / voxels % 26] }
        #expect(Samples.error(pointwiseForward(input, weight: weight, bias: bias, pool: pool), expected) < 1e-6)
    }

    @Test func inputGradientEqualsTheDefinition() {
        let expected = conv3dBackwardInputNaive(gradient, weight: weight, input: input)
        #expect(Samples.error(pointwiseBackwardInput(gradient, weight: weight, pool: pool), expected) < 1e-6)
    }

    @Test func weightGradientEqualsTheDefinition() {
        let expected = conv3dBackwardWeightNaive(input, gradient: gradient, weight: weight)
        #expect(Samples.error(pointwiseBackwardWeight(input, gradient: gradient, pool: pool), expected) < 2e-6)
    }

    @Test func biasGradientSumsOverSamplesAndVoxels() {
        let voxels = gradient.extent.count
        var sums = [Double](repeating: 0, count: 26)
        for (index, value) in gradient.values.enumerated() { sums[index / voxels % 26] += Double(value) }
        #expect(Samples.error(biasBackward(gradient, pool: pool), Tensor(sums.map { Float($0) }, shape: [26])) < 1e-6)
    }

    @Test func threadsDoNotChangeABit() {
        let (one, three) = (ComputePool(threads: 1), ComputePool(threads: 3))
        #expect(
            pointwiseForward(input, weight: weight, pool: one).values == pointwiseForward(input, weight: weight, pool: three).values)
        #expect(
            pointwiseBackwardWeight(input, gradient: gradient, pool: one).values
                == pointwiseBackwardWeight(input, gradient: gradient, pool: three).values)
    }
}
