// 3×3×3 convolution with padding 1, without bias, stride 1 or 2, and its two gradients.
//
// Variants: the naive sums of Conv3d+naive.swift (oracle of the tests), and the direct kernel over padded tiles (`TapPlan`,
// `TapKernel`), which is the one that runs: 80 GFLOP/s a core at 32→32 channels over 96³ (0.6 s on one core, AMD Zen 4).
// N, C, D, H, W as in README.md; K output channels.

/// Output `(N, K, D', H', W')`, D' = ceil(D / stride), for an input `(N, C, D, H, W)` and a weight `(K, C, 3, 3, 3)`.
package func conv3dForward(_ input: Tensor, weight: Tensor, stride: Int = 1, pool: ComputePool) -> Tensor {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    let extent = stride == 1 ? input.extent : input.extent.halved
    var output = Tensor(uninitialized: input.batch, outputs, extent)
    let convolution = TapConvolution(
        plan: TapPlan.forward[stride]!, grid: extent, source: (inputs, input.extent), target: (outputs, extent), batch: input.batch,
        weights: TapConvolution.Weights(tensor: weight, targetStride: inputs * 27, sourceStride: 27), pool: pool)
    convolution.run(input, into: &output, pool: pool)
    return output
}

/// Gradient `(N, C, D, H, W)` by the input of extent `inputExtent`, from the gradient `(N, K, D', H', W')` by the output.
package func conv3dBackwardInput(
    _ gradient: Tensor, weight: Tensor, inputExtent: Extent, stride: Int = 1, pool: ComputePool
) -> Tensor {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    var result = Tensor(uninitialized: gradient.batch, inputs, inputExtent)
    let convolution = TapConvolution(
        plan: TapPlan.backward[stride]!, grid: gradient.extent, source: (outputs, gradient.extent), target: (inputs, inputExtent),
        batch: gradient.batch, weights: TapConvolution.Weights(tensor: weight, targetStride: 27, sourceStride: inputs * 27), pool: pool)
    convolution.run(gradient, into: &result, pool: pool)
    return result
}
