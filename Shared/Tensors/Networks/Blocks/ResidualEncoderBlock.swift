import TensorCore

extension Pass {
    /// nnU-Net's residual block: `LeakyReLU(norm2(conv2(LeakyReLU(norm1(conv1(x))))) + skip(x))`. The skip is an average pool where there is
    /// a stride, then a projection (1×1×1 convolution and norm) where the channels change.
    func residualEncoderBlock(_ input: Signal, _ name: String, stride: Triple) -> Signal {
        let inner = unit([unit([input], name + ".conv1", stride: stride)], name + ".conv2", slope: 1)
        var skip = stride == Triple(1) ? input : Signal(pooled(input, stride: stride))
        let projection = name + ".skip.\(ResidualEncoderUNet.projectionIndex(stride: stride))"
        if parameters.contains(projection + ".conv.weight") { skip = unit([skip], projection, slope: 1) }
        return activated(summed(inner, skip), slope: Self.leak)
    }

    /// The variable as the next layer will read it: activated with `slope`.
    private func activated(_ variable: Variable, slope: Float) -> Signal {
        Signal(variable, feature: Feature(variable.map, slope: slope), norm: nil)
    }

    private func summed(_ first: Signal, _ second: Signal) -> Variable {
        let output = Variable(TensorCore.summed(first.feature, second.feature, in: workspace))
        guard tape != nil else { return output }
        [first, second].forEach { $0.noteReader() }
        note { [workspace, made = output.gradient] gradients in
            for signal in [first, second] {
                guard let gradient = made.value else {
                    signal.withdrawReader(&gradients, in: workspace)
                    continue
                }
                signal.takeGradient(&gradients, in: workspace) { passedGradient(gradient, target: $0, in: workspace) }
            }
            made.value = nil
        }
        return output
    }

    /// The means of the signal over blocks of `stride` voxels.
    private func pooled(_ signal: Signal, stride: Triple) -> Variable {
        let output = Variable(averagePooled(signal.feature, stride: stride, in: workspace))
        guard tape != nil else { return output }
        signal.noteReader()
        note { [workspace, made = output.gradient] gradients in
            guard let gradient = made.take() else { return signal.withdrawReader(&gradients, in: workspace) }
            signal.takeGradient(&gradients, in: workspace) {
                averagePoolingGradient(gradient, stride: stride, extent: signal.feature.map.extent, target: $0, in: workspace)
            }
        }
        return output
    }
}
