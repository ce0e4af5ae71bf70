import TensorCore
import Testing

struct ConvolutionCase: Sendable, CustomTestStringConvertible {
    let batch: Int
    let inputs: Int
    let outputs: Int
    let extent: [Int]
    let stride: Int

    var testDescription: String { "\(batch)×\(inputs)→\(outputs) over \(extent), stride \(stride)" }
    var input: Tensor { Samples.uniform([batch, inputs] + extent, seed: 1) }
    var weight: Tensor { Samples.uniform([outputs, inputs, 3, 3, 3], seed: 2) }
    var outputExtent: [Int] { extent.map { ($0 - 1) / stride + 1 } }
    var gradient: Tensor { Samples.uniform([batch, outputs] + outputExtent, seed: 3) }

    static let all: [ConvolutionCase] = [1, 2].flatMap { stride in
        [
            ConvolutionCase(batch: 1, inputs: 1, outputs: 1, extent: [1, 1, 1], stride: stride),
            ConvolutionCase(batch: 2, inputs: 1, outputs: 8, extent: [5, 7, 9], stride: stride),
            ConvolutionCase(batch: 1, inputs: 3, outputs: 5, extent: [4, 6, 25], stride: stride),
            ConvolutionCase(batch: 2, inputs: 8, outputs: 26, extent: [3, 11, 13], stride: stride),
            ConvolutionCase(batch: 1, inputs: 70, outputs: 66, extent: [4, 4, 4], stride: stride),
            ConvolutionCase(batch: 1, inputs: 16, outputs: 8, extent: [2, 30, 50], stride: stride),
        ]
    }
}

@Suite struct Conv3dTests {
    let pool = ComputePool(threads: 2)

    @Test(arguments: ConvolutionCase.all) func forwardEqualsTheDefinition(_ c: ConvolutionCase) {
        let output = conv3dForward(c.input, weight: c.weight, stride: c.stride, pool: pool)
        #expect(Samples.error(output, conv3dForwardNaive(c.input, weight: c.weight, stride: c.stride)) < 2e-6)
    }

    @Test(arguments: ConvolutionCase.all) func inputGradientEqualsTheDefinition(_ c: ConvolutionCase) {
        let gradient = conv3dBackwardInput(
            c.gradient, weight: c.weight, inputExtent: c.input.extent, stride: c.stride, pool: pool)
        let expected = conv3dBackwardInputNaive(c.gradient, weight: c.weight, input: c.input, stride: c.stride)
        #expect(Samples.error(gradient, expected) < 2e-6)
    }

    @Test(arguments: ConvolutionCase.all) func weightGradientEqualsTheDefinition(_ c: ConvolutionCase) {
        let gradient = conv3dBackwardWeight(c.input, gradient: c.gradient, stride: c.stride, pool: pool)
        let expected = conv3dBackwardWeightNaive(c.input, gradient: c.gradient, weight: c.weight, stride: c.stride)
        #expect(Samples.error(gradient, expected) < 2e-6)
    }

    @Test(arguments: ConvolutionCase.all) func threadsDoNotChangeABit(_ c: ConvolutionCase) {
        let one = ComputePool(threads: 1)
        let three = ComputePool(threads: 3)
        func same(_ compute: (ComputePool) -> Tensor) -> Bool { compute(one).values.map(\.bitPattern) == compute(three).values.map(\.bitPattern) }
        #expect(same { conv3dForward(c.input, weight: c.weight, stride: c.stride, pool: $0) })
        #expect(same { conv3dBackwardInput(c.gradient, weight: c.weight, inputExtent: c.input.extent, stride: c.stride, pool: $0) })
        #expect(same { conv3dBackwardWeight(c.input, gradient: c.gradient, stride: c.stride, pool: $0) })
    }
}
