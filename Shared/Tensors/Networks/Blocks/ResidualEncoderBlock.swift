import TensorCore

extension Pass {
    /// nnU-Net's residual block: `LeakyReLU(norm2(conv2(LeakyReLU(norm1(conv1(x))))) + skip(x))`. The skip is an
    /// average pool where there is a stride, then a projection (1×1×1 convolution and norm) where the channels change.
    func residualEncoderBlock(_ input: LayerInput, _ name: String, stride: Triple) -> LayerInput {
        let inner = unit([unit([input], name + ".conv1", stride: stride)], name + ".conv2", slope: 1)
        var skip = stride == Triple(1) ? input : LayerInput(pooled(input, stride: stride))
        let projection = name + ".skip.\(ResidualEncoderUNet.projectionIndex(stride: stride))"
        if parameters.contains(projection + ".conv.weight") { skip = unit([skip], projection, slope: 1) }
        return activated(summed(inner, skip), slope: Self.leak)
    }

    /// The variable as the next layer will read it: activated with `slope`.
    private func activated(_ variable: Variable, slope: Float) -> LayerInput {
        LayerInput(variable, feature: Feature(variable.map, slope: slope), norm: nil)
    }

    private func summed(_ first: LayerInput, _ second: LayerInput) -> Variable {
        let output = Variable(TensorCore.summed(first.feature, second.feature, in: workspace))
        guard tape != nil else { return output }
        [first, second].forEach { $0.noteReader() }
        note { [workspace, made = output.gradient] gradients in
            for input in [first, second] {
                guard let gradient = made.value else {
                    input.withdrawReader(&gradients, in: workspace)
                    continue
                }
                input.takeGradient(&gradients, in: workspace) { passedGradient(gradient, target: $0, in: workspace) }
            }
            made.value = nil
        }
        return output
    }

    /// The means of the input over blocks of `stride` voxels.
    private func pooled(_ input: LayerInput, stride: Triple) -> Variable {
        let output = Variable(averagePooled(input.feature, stride: stride, in: workspace))
        guard tape != nil else { return output }
        input.noteReader()
        note { [workspace, made = output.gradient] gradients in
            guard let gradient = made.take() else { return input.withdrawReader(&gradients, in: workspace) }
            input.takeGradient(&gradients, in: workspace) {
                averagePoolingGradient(
                    gradient, stride: stride, extent: input.feature.map.extent, target: $0, in: workspace)
            }
        }
        return output
    }
}
