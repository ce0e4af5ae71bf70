import TensorCore

/// 3×3×3 convolution with padding 1 and stride 1 or 2, or a 1×1×1 convolution, by the shape of the parameter `name.conv.weight`;
/// with a bias where `name.conv.bias` exists.
struct Convolution {
    let name: String
    var stride = 1
    let context: LayerContext

    private var weightName: String { name + ".conv.weight" }
    private var biasName: String { name + ".conv.bias" }
    private var weight: Tensor { context.parameters[weightName] }
    private var hasBias: Bool { context.parameters.contains(biasName) }
    private var isPointwise: Bool { weight.shape[2] == 1 }

    func callAsFunction(_ input: Tensor) -> Tensor {
        guard isPointwise else { return conv3dForward(input, weight: weight, stride: stride, pool: context.pool) }
        return pointwiseForward(input, weight: weight, bias: hasBias ? context.parameters[biasName] : nil, pool: context.pool)
    }

    func recorded(_ input: Tensor) -> (output: Tensor, pullback: Pullback) {
        (self(input), { gradient, gradients in
            noteParameterGradients(input, gradient, &gradients)
            return inputGradient(gradient, extent: input.extent)
        })
    }

    func noteParameterGradients(_ input: Tensor, _ gradient: Tensor, _ gradients: inout [String: Tensor]) {
        gradients[weightName] =
            isPointwise
            ? pointwiseBackwardWeight(input, gradient: gradient, pool: context.pool)
            : conv3dBackwardWeight(input, gradient: gradient, stride: stride, pool: context.pool)
        if hasBias { gradients[biasName] = biasBackward(gradient, pool: context.pool) }
    }

    func inputGradient(_ gradient: Tensor, extent: Extent) -> Tensor {
        guard isPointwise else {
            return conv3dBackwardInput(gradient, weight: weight, inputExtent: extent, stride: stride, pool: context.pool)
        }
        return pointwiseBackwardInput(gradient, weight: weight, pool: context.pool)
    }
}
