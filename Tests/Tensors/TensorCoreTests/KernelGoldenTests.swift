import TensorCore
import TestSupport
import Testing
import Threads

/// Single kernels against PyTorch in float64: outputs and every gradient, at sizes that fill no block.
@Suite struct KernelGoldenTests {
    private struct Golden {
        let file: Safetensors
        let workspace = Workspace(pool: ComputePool(threads: 2))

        init(_ name: String) throws { file = try Safetensors.read(Fixtures.url("kernels/\(name).safetensors")) }

        func tensor(_ name: String) throws -> Tensor { try file.tensor(name) }
        func map(_ name: String) throws -> FeatureMap { FeatureMap(try file.tensor(name), in: workspace) }

        func expect(_ found: FeatureMap, _ name: String, within tolerance: Double = 2e-6) throws {
            try expect(found.planar(in: workspace), name, within: tolerance)
        }

        func expect(_ found: Tensor, _ name: String, within tolerance: Double = 2e-6) throws {
            let error = Comparison.error(found, try tensor(name))
            #expect(error <= tolerance, "\(name): \(error)")
        }
    }

    @Test(
        arguments: [
            ("conv_3x3x3", Triple(3), Triple(1)), ("conv_3x3x3_blocks", Triple(3), Triple(1)),
            ("conv_3x3x3_stride_2", Triple(3), Triple(2)),
            ("conv_3x3x3_stride_1x2x2", Triple(3), Triple(1, 2, 2)), ("conv_1x3x3", Triple(1, 3, 3), Triple(1)),
            ("conv_1x3x3_stride_1x2x2", Triple(1, 3, 3), Triple(1, 2, 2)), ("conv_1x1x1", Triple(1), Triple(1)),
        ], Arithmetic.allCases)
    func convolutions(_ kernel: (name: String, edges: Triple, stride: Triple), arithmetic: Arithmetic) throws {
        let golden = try Golden(kernel.name)
        let convolution = Convolution3d(
            geometry: ConvolutionGeometry(kernel: kernel.edges, stride: kernel.stride),
            weight: try golden.tensor("weight"),
            bias: try golden.tensor("bias"), arithmetic: arithmetic)
        let (input, gradient) = (try golden.map("input"), try golden.map("output_gradient"))
        let tolerance: Double = arithmetic == .exact ? 2e-6 : 2e-5
        try golden.expect(
            convolution.forward([Feature(input)], gathersSums: false, in: golden.workspace).map, "output",
            within: tolerance)
        let byInput = convolution.inputGradient(
            gradient, inputs: 0..<input.channels, extent: input.extent, target: GradientTarget(), in: golden.workspace)
        try golden.expect(byInput.map, "input_gradient", within: tolerance)
        try golden.expect(
            convolution.weightGradient([Feature(input)], gradient: gradient, in: golden.workspace), "weight_gradient",
            within: tolerance)
        try golden.expect(biasGradient(gradient, in: golden.workspace), "bias_gradient")
    }

    @Test(arguments: ["transposed_2x2x2", "transposed_1x2x2"]) func transposedConvolutions(name: String) throws {
        let golden = try Golden(name)
        let convolution = TransposedConvolution3d(
            weight: try golden.tensor("weight"), bias: try golden.tensor("bias"), arithmetic: .fast)
        let (input, gradient) = (Feature(try golden.map("input")), try golden.map("output_gradient"))
        try golden.expect(convolution.forward(input, in: golden.workspace), "output")
        try golden.expect(
            convolution.inputGradient(gradient, target: GradientTarget(), in: golden.workspace).map, "input_gradient")
        try golden.expect(
            convolution.weightGradient(input, gradient: gradient, in: golden.workspace), "weight_gradient")
        try golden.expect(biasGradient(gradient, in: golden.workspace), "bias_gradient")
    }

    @Test(
        arguments: [("group_norm", 8, 1), ("group_norm_relu", 8, 0), ("instance_norm_leaky_relu", 9, 0.01)]
            as [(String, Int, Float)])
    func norms(name: String, groups: Int, slope: Float) throws {
        let golden = try Golden(name)
        let (input, gradient, weight) = (
            try golden.map("input"), try golden.map("output_gradient"), try golden.tensor("weight")
        )
        let norm = Normalization(input, sums: ChannelSums(of: input, in: golden.workspace), groups: groups)
        let feature = norm.feature(input, weight: weight, bias: try golden.tensor("bias"), slope: slope)
        try golden.expect(activated(feature, in: golden.workspace), "output")
        let (passed, sums) = passedGradient(gradient, target: GradientTarget(gate: feature), in: golden.workspace)
        let found = norm.parameterGradients(try #require(sums))
        try golden.expect(found.weight, "weight_gradient", within: 5e-6)
        try golden.expect(found.bias, "bias_gradient", within: 5e-6)
        norm.inputGradient(
            passed, of: input, weight: weight, sums: try #require(sums), adding: nil, in: golden.workspace)
        try golden.expect(passed, "input_gradient", within: 5e-6)
    }

    @Test func trilinearEnlargement() throws {
        let golden = try Golden("upsample")
        let input = try golden.map("input")
        let skip = FeatureMap(Tensor(zeros: try golden.tensor("output").shape), in: golden.workspace)
        try golden.expect(upsampled(input, adding: skip, in: golden.workspace).map, "output")
        try golden.expect(upsamplingGradient(try golden.map("output_gradient"), in: golden.workspace), "input_gradient")
    }

    @Test(arguments: [("average_pool_2x2x2", Triple(2)), ("average_pool_1x2x2", Triple(1, 2, 2))])
    func averagePools(name: String, stride: Triple) throws {
        let golden = try Golden(name)
        let input = try golden.map("input")
        try golden.expect(averagePooled(Feature(input), stride: stride, in: golden.workspace), "output")
        let gradient = averagePoolingGradient(
            try golden.map("output_gradient"), stride: stride, extent: input.extent, target: GradientTarget(),
            in: golden.workspace)
        #expect(gradient.sums == nil)
        try golden.expect(gradient.map, "input_gradient")
    }
}
