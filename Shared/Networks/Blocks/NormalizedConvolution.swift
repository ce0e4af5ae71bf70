import TensorCore

/// `convolution(ReLU(GroupNorm(x)))`: the half of a residual block, and the head.
///
/// Backward keeps only x and its statistics; the normalised values are computed again, which costs one pass over memory and saves a
/// copy of every activation.
struct NormalizedConvolution {
    let norm: String
    let convolution: Convolution
    let context: LayerContext

    init(norm: String, convolution: String, context: LayerContext) {
        self.norm = norm
        self.convolution = Convolution(name: convolution, context: context)
        self.context = context
    }

    private var weight: Tensor { context.parameters[norm + ".weight"] }
    private var bias: Tensor { context.parameters[norm + ".bias"] }

    func callAsFunction(_ input: Tensor) -> Tensor { convolution(normalized(input, statistics(input))) }

    /// The pullback's second form adds `other` to the gradient: what reaches x past this block.
    func recorded(_ input: Tensor) -> (output: Tensor, pullback: (Tensor, Tensor?, inout [String: Tensor]) -> Tensor) {
        let statistics = statistics(input)
        return (convolution(normalized(input, statistics)), { gradient, other, gradients in
            convolution.noteParameterGradients(normalized(input, statistics), gradient, &gradients)
            let inner = groupNormBackward(
                convolution.inputGradient(gradient, extent: input.extent), input: input, weight: weight, bias: bias,
                statistics: statistics, activation: .relu, adding: other, pool: context.pool)
            gradients[norm + ".weight"] = inner.weight
            gradients[norm + ".bias"] = inner.bias
            return inner.input
        })
    }

    private func statistics(_ input: Tensor) -> GroupNormStatistics {
        GroupNormStatistics(input, groups: context.normalizationGroups, pool: context.pool)
    }

    private func normalized(_ input: Tensor, _ statistics: GroupNormStatistics) -> Tensor {
        groupNormForward(input, weight: weight, bias: bias, statistics: statistics, activation: .relu, pool: context.pool)
    }
}
