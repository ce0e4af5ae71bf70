import TensorCore

/// Pre-activated residual block: `x + conv2(ReLU(norm2(conv1(ReLU(norm1(x))))))`.
struct ResidualBlock {
    private let first: NormalizedConvolution
    private let second: NormalizedConvolution
    private let pool: ComputePool

    init(name: String, context: LayerContext) {
        first = NormalizedConvolution(norm: name + ".norm1", convolution: name + ".conv1", context: context)
        second = NormalizedConvolution(norm: name + ".norm2", convolution: name + ".conv2", context: context)
        pool = context.pool
    }

    func recorded(_ input: Tensor) -> (output: Tensor, pullback: Pullback) {
        let (middle, pullFirst) = first.recorded(input)
        var (output, pullSecond) = second.recorded(middle)
        add(input, to: &output, pool: pool)
        return (output, { gradient, gradients in
            let inner = pullSecond(gradient, nil, &gradients)
            return pullFirst(inner, gradient, &gradients)
        })
    }
}
