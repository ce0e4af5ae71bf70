import TensorCore
import TestSupport
import Testing
import Threads

struct ConvolutionCase: Sendable, CustomTestStringConvertible {
    var batch = 1
    /// Channels of the features that are read one after another.
    let sources: [Int]
    let outputs: Int
    let extent: [Int]
    var kernel = Triple(3)
    var stride = Triple(1)

    var testDescription: String { "\(batch)×\(sources)→\(outputs) over \(extent), kernel \(kernel), stride \(stride)" }
    var inputs: Int { sources.reduce(0, +) }
    var geometry: ConvolutionGeometry { ConvolutionGeometry(kernel: kernel, stride: stride) }
    var input: Tensor { Samples.uniform([batch, inputs] + extent, seed: 1) }
    var weight: Tensor { Samples.uniform([outputs, inputs, kernel.depth, kernel.height, kernel.width], seed: 2) }
    var gradient: Tensor {
        let grid = geometry.outputExtent(input.extent)
        return Samples.uniform([batch, outputs, grid.depth, grid.height, grid.width], seed: 3)
    }

    /// The input's channels as the features that they are.
    func features(in workspace: Workspace) -> [Feature] {
        var first = 0
        return sources.map { channels in
            defer { first += channels }
            return Feature(FeatureMap(Samples.channels(first..<first + channels, of: input), in: workspace))
        }
    }

    static let all: [ConvolutionCase] = [
        ConvolutionCase(sources: [1], outputs: 1, extent: [1, 1, 1]),
        ConvolutionCase(batch: 2, sources: [1], outputs: 8, extent: [5, 7, 9]),
        ConvolutionCase(sources: [3], outputs: 5, extent: [4, 6, 25]),
        ConvolutionCase(batch: 2, sources: [8], outputs: 26, extent: [6, 11, 13]),
        ConvolutionCase(sources: [70], outputs: 66, extent: [4, 8, 8]),
        ConvolutionCase(sources: [16], outputs: 8, extent: [2, 30, 50]),
        ConvolutionCase(batch: 2, sources: [12, 9], outputs: 20, extent: [9, 9, 10]),
        ConvolutionCase(sources: [16, 16], outputs: 24, extent: [8, 8, 8]),
        // More tiles than one chunk of the weight's gradient takes.
        ConvolutionCase(sources: [8], outputs: 8, extent: [36, 36, 40]),
        ConvolutionCase(batch: 2, sources: [8], outputs: 26, extent: [3, 11, 13], stride: Triple(2)),
        ConvolutionCase(sources: [5], outputs: 3, extent: [4, 6, 7], stride: Triple(2)),
        ConvolutionCase(
            sources: [6], outputs: 12, extent: [5, 9, 8], kernel: Triple(1, 3, 3), stride: Triple(1, 2, 2)),
        ConvolutionCase(sources: [6, 3], outputs: 7, extent: [5, 9, 8], kernel: Triple(1, 3, 3)),
        ConvolutionCase(batch: 2, sources: [7], outputs: 26, extent: [5, 31, 33], kernel: Triple(1)),
        ConvolutionCase(
            sources: [3], outputs: 4, extent: [9, 7, 101], kernel: Triple(5, 1, 3), stride: Triple(3, 2, 1)),
    ]
}

/// An algorithm, and who computes its products.
struct ConvolutionWay: Sendable, CustomTestStringConvertible {
    let arithmetic: Arithmetic
    let products: ProductKernel

    var testDescription: String { "\(arithmetic) by \(products)" }

    static let all = Arithmetic.allCases.flatMap { arithmetic in
        ProductKernel.allCases.map { ConvolutionWay(arithmetic: arithmetic, products: $0) }
    }
}

@Suite struct ConvolutionTests {
    private let workspace = Workspace(pool: ComputePool(threads: 2))

    private func convolution(_ c: ConvolutionCase, _ way: ConvolutionWay, bias: Tensor? = nil) -> Convolution3d {
        Convolution3d(
            geometry: c.geometry, weight: c.weight, bias: bias, arithmetic: way.arithmetic, products: way.products)
    }

    /// Winograd's transforms cost a few units in the last place more.
    private func tolerance(_ way: ConvolutionWay) -> Double { way.arithmetic == .exact ? 2e-6 : 1e-5 }

    @Test(arguments: ConvolutionCase.all, ConvolutionWay.all) func forwardEqualsTheDefinition(
        _ c: ConvolutionCase, _ way: ConvolutionWay
    ) {
        let (map, _) = convolution(c, way).forward(c.features(in: workspace), gathersSums: false, in: workspace)
        #expect(
            Comparison.error(map.planar(in: workspace), c.geometry.forwardNaive(c.input, weight: c.weight))
                < tolerance(way))
    }

    @Test(arguments: ConvolutionCase.all, ConvolutionWay.all) func inputGradientEqualsTheDefinition(
        _ c: ConvolutionCase, _ way: ConvolutionWay
    ) {
        let expected = c.geometry.inputGradientNaive(c.gradient, weight: c.weight, input: c.input.shape)
        let gradient = FeatureMap(c.gradient, in: workspace)
        var first = 0
        for channels in c.sources {
            let part = convolution(c, way).inputGradient(
                gradient, inputs: first..<first + channels, extent: c.input.extent, target: GradientTarget(),
                in: workspace)
            let truth = Samples.channels(first..<first + channels, of: expected)
            #expect(Comparison.error(part.map.planar(in: workspace), truth) < tolerance(way))
            first += channels
        }
    }

    @Test(arguments: ConvolutionCase.all, ConvolutionWay.all) func weightGradientEqualsTheDefinition(
        _ c: ConvolutionCase, _ way: ConvolutionWay
    ) {
        let gradient = convolution(c, way).weightGradient(
            c.features(in: workspace), gradient: FeatureMap(c.gradient, in: workspace), in: workspace)
        #expect(
            Comparison.error(
                gradient, c.geometry.weightGradientNaive(c.input, gradient: c.gradient, weight: c.weight.shape))
                < tolerance(way))
    }

    @Test(arguments: ConvolutionCase.all, ConvolutionWay.all) func threadsDoNotChangeABit(
        _ c: ConvolutionCase, _ way: ConvolutionWay
    ) {
        func computed(_ threads: Int) -> [[UInt32]] {
            let workspace = Workspace(pool: ComputePool(threads: threads))
            let (convolution, features) = (convolution(c, way), c.features(in: workspace))
            let gradient = FeatureMap(c.gradient, in: workspace)
            let (map, sums) = convolution.forward(features, gathersSums: true, in: workspace)
            let back = convolution.inputGradient(
                gradient, inputs: 0..<c.sources[0], extent: c.input.extent, target: GradientTarget(), in: workspace)
            let bits = [
                map.planar(in: workspace), back.map.planar(in: workspace),
                convolution.weightGradient(features, gradient: gradient, in: workspace),
            ]
            .map { $0.values.map(\.bitPattern) }
            let normalization = sums.map { Normalization(map, sums: $0, groups: 1) }
            let lines = normalization?.feature(
                map, weight: Samples.uniform([c.outputs], seed: 5), bias: Samples.uniform([c.outputs], seed: 6),
                slope: 0)
            return bits + [
                lines.map { activated($0, in: workspace).planar(in: workspace).values.map(\.bitPattern) } ?? []
            ]
        }
        #expect(computed(1) == computed(3))
    }

    @Test(arguments: ConvolutionWay.all) func biasResidualAndSumsAreThoseOfTheResult(_ way: ConvolutionWay) throws {
        let c = ConvolutionCase(batch: 2, sources: [9], outputs: 21, extent: [8, 9, 10])
        let (bias, residual) = (Samples.uniform([21], seed: 7), Samples.uniform([2, 21, 8, 9, 10], seed: 8))
        let plain = c.geometry.forwardNaive(c.input, weight: c.weight)
        let expected = Tensor(
            plain.values.indices.map { plain[$0] + bias[$0 / 720 % 21] + residual[$0] }, shape: plain.shape)
        let convolution = convolution(c, way, bias: bias)
        let (map, sums) = convolution.forward(
            c.features(in: workspace), adding: FeatureMap(residual, in: workspace), gathersSums: true, in: workspace)
        #expect(Comparison.error(map.planar(in: workspace), expected) < tolerance(way))
        // The norm of the gathered sums is the norm of sums taken afresh.
        let gathered = Normalization(map, sums: try #require(sums), groups: 3)
        let counted = Normalization(map, sums: ChannelSums(of: map, in: workspace), groups: 3)
        let (weight, shift) = (Samples.uniform([21], seed: 9), Samples.uniform([21], seed: 10))
        let (one, other) = (
            gathered.feature(map, weight: weight, bias: shift, slope: 1),
            counted.feature(map, weight: weight, bias: shift, slope: 1)
        )
        #expect(
            Comparison.error(
                activated(one, in: workspace).planar(in: workspace),
                activated(other, in: workspace).planar(in: workspace)) < 2e-6)
    }

    @Test(arguments: ConvolutionWay.all) func activationIsAppliedBeforeThePadding(_ way: ConvolutionWay) {
        let c = ConvolutionCase(sources: [8], outputs: 16, extent: [8, 8, 9])
        let map = FeatureMap(c.input, in: workspace)
        let normalization = Normalization(map, sums: ChannelSums(of: map, in: workspace), groups: 2)
        // Shifts far from zero: a border that were activated would not be zero.
        let feature = normalization.feature(
            map, weight: Samples.uniform([8], seed: 4), bias: Tensor([3, 3, 3, 3, 3, 3, 3, 3], shape: [8]), slope: 0.01)
        let activated = activated(feature, in: workspace).planar(in: workspace)
        let output = convolution(c, way).forward([feature], gathersSums: false, in: workspace).map.planar(
            in: workspace)
        #expect(Comparison.error(output, c.geometry.forwardNaive(activated, weight: c.weight)) < tolerance(way))
        let gradient = convolution(c, way).weightGradient(
            [feature], gradient: FeatureMap(c.gradient, in: workspace), in: workspace)
        #expect(
            Comparison.error(
                gradient, c.geometry.weightGradientNaive(activated, gradient: c.gradient, weight: c.weight.shape))
                < tolerance(way))
    }

    @Test func weightsPreparedBeforeGiveTheSameBits() {
        let c = ConvolutionCase(sources: [16, 8], outputs: 24, extent: [9, 9, 10])
        let plain = convolution(c, ConvolutionWay(arithmetic: .fast, products: .own))
        let prepared = plain.withPrepared(plain.prepare(sources: c.sources, in: workspace))
        func output(_ convolution: Convolution3d) -> [Float] {
            convolution.forward(c.features(in: workspace), gathersSums: false, in: workspace).map.planar(in: workspace)
                .values
        }
        #expect(output(plain) == output(prepared))
    }

    @Test(arguments: [Triple(2), Triple(1, 2, 2)], ProductKernel.allCases)
    func transposedConvolutionIsTheInputGradientOfItsMirror(stride: Triple, products: ProductKernel) {
        let (input, bias) = (Samples.uniform([2, 9, 3, 4, 5], seed: 11), Samples.uniform([12], seed: 12))
        let weight = Samples.uniform([9, 12, stride.depth, stride.height, stride.width], seed: 13)
        let transposed = TransposedConvolution3d(weight: weight, bias: bias, arithmetic: .fast, products: products)
        let feature = Feature(FeatureMap(input, in: workspace))
        let output = transposed.forward(feature, in: workspace).planar(in: workspace)
        let mirrored = ConvolutionGeometry(blocks: stride).inputGradientNaive(
            input, weight: weight, input: output.shape)
        let voxels = output.extent.count
        let expected = Tensor(
            mirrored.values.indices.map { mirrored[$0] + bias[$0 / voxels % 12] }, shape: output.shape)
        #expect(Comparison.error(output, expected) < 2e-6)

        let gradient = Samples.uniform(output.shape, seed: 14)
        let back = transposed.inputGradient(
            FeatureMap(gradient, in: workspace), target: GradientTarget(), in: workspace
        ).map.planar(in: workspace)
        #expect(
            Comparison.error(back, ConvolutionGeometry(blocks: stride).forwardNaive(gradient, weight: weight)) < 2e-6)
        let byWeight = transposed.weightGradient(feature, gradient: FeatureMap(gradient, in: workspace), in: workspace)
        #expect(
            Comparison.error(
                byWeight,
                ConvolutionGeometry(blocks: stride).weightGradientNaive(gradient, gradient: input, weight: weight.shape)
            ) < 2e-6)
    }
}
