import TensorCore

extension Pass {
    /// The variable as the next layer will read it: normalised in `groups` (nil: each channel by itself), or by the
    /// parameters `name.running_mean` and `name.running_var` where there are such; then scaled and shifted by
    /// `name.weight` and `name.bias`, if there are any, and activated with `slope` (0: ReLU, 1: nothing).
    func normalized(_ variable: Variable, _ name: String, groups: Int?, slope: Float) -> LayerInput {
        let map = variable.map
        let normalization = normalization(of: variable, name, groups: groups)
        let weight = parameter(name + ".weight", otherwise: 1, channels: map.channels)
        let bias = parameter(name + ".bias", otherwise: 0, channels: map.channels)
        let feature = normalization.feature(map, weight: weight, bias: bias, slope: slope)
        return LayerInput(
            variable, feature: feature, norm: LayerInput.Norm(name: name, weight: weight, normalization: normalization))
    }

    private func normalization(of variable: Variable, _ name: String, groups: Int?) -> Normalization {
        let map = variable.map
        guard parameters.contains(name + ".running_mean") else {
            return Normalization(
                map, sums: variable.sums ?? ChannelSums(of: map, in: workspace), groups: groups ?? map.channels)
        }
        return Normalization(
            map, means: parameters[name + ".running_mean"], variances: parameters[name + ".running_var"])
    }

    private func parameter(_ name: String, otherwise value: Float, channels: Int) -> Tensor {
        parameters.contains(name)
            ? parameters[name] : Tensor([Float](repeating: value, count: channels), shape: [channels])
    }

    /// The convolution `name.weight`, `name.bias` (if there is one) of the inputs' channels one after another, plus
    /// `residual`. The kernel is that of the weight, the padding (k − 1) / 2.
    func convolved(_ inputs: [LayerInput], _ name: String, stride: Triple = Triple(1), adding residual: Variable? = nil)
        -> Variable
    {
        let convolution = convolution(inputs, name, stride)
        let (map, sums) = convolution.forward(
            inputs.map(\.feature), adding: residual?.map, gathersSums: true, in: workspace)
        let output = Variable(map, sums: sums)
        guard tape != nil else { return output }
        inputs.forEach { $0.noteReader() }
        note { [workspace, made = output.gradient, beside = residual?.gradient] gradients in
            guard let gradient = made.take() else {
                return inputs.forEach { $0.withdrawReader(&gradients, in: workspace) }
            }
            gradients[name + ".weight"] = convolution.weightGradient(
                inputs.map(\.feature), gradient: gradient, in: workspace)
            if convolution.bias != nil { gradients[name + ".bias"] = biasGradient(gradient, in: workspace) }
            var first = 0
            for input in inputs {
                let channels = first..<first + input.feature.map.channels
                input.takeGradient(&gradients, in: workspace) { target in
                    convolution.inputGradient(
                        gradient, inputs: channels, extent: input.feature.map.extent, target: target, in: workspace)
                }
                first = channels.upperBound
            }
            beside?.add(gradient, in: workspace)
        }
        return output
    }

    private func convolution(_ inputs: [LayerInput], _ name: String, _ stride: Triple) -> Convolution3d {
        let weight = parameters[name + ".weight"]
        let kernel = Triple(weight.shape[2], weight.shape[3], weight.shape[4])
        let bias = parameters.contains(name + ".bias") ? parameters[name + ".bias"] : nil
        let plain = Convolution3d(
            geometry: ConvolutionGeometry(kernel: kernel, stride: stride), weight: weight, bias: bias,
            arithmetic: arithmetic)
        guard let prepared, plain.takesWinograd(inputs[0].feature.map.extent) else { return plain }
        return plain.withPrepared(
            prepared(name, of: weight, in: workspace) {
                plain.prepare(sources: inputs.map(\.feature.map.channels), in: $0)
            })
    }

    /// The first convolution of a network, whose input is the image and needs no gradient. It reads so few channels that
    /// its map, one of the largest, is made again on the way back at little cost.
    func convolvedImage(_ image: FeatureMap, _ name: String) -> Variable {
        let input = LayerInput(Variable(image))
        let convolution = convolution([input], name, Triple(1))
        let (map, sums) = convolution.forward([input.feature], gathersSums: true, in: workspace)
        let again: () -> FeatureMap = { [workspace] in
            convolution.forward([input.feature], gathersSums: false, in: workspace).map
        }
        let output = Variable(map, sums: sums, remake: tape == nil ? nil : again)
        note { [workspace, made = output.gradient] gradients in
            guard let gradient = made.take() else { return }
            gradients[name + ".weight"] = convolution.weightGradient([input.feature], gradient: gradient, in: workspace)
            if convolution.bias != nil { gradients[name + ".bias"] = biasGradient(gradient, in: workspace) }
        }
        return output
    }

    /// Channels dropped or scaled, in place; what was made of the variable before must not be used any more.
    func dropped(_ variable: Variable, _ dropout: Dropout3d) -> Variable {
        dropout.apply(to: variable.map, in: workspace)
        let output = Variable(
            variable.map,
            remake: variable.remake.map { make in
                { [workspace] in
                    let map = make()
                    dropout.apply(to: map, in: workspace)
                    return map
                }
            })
        note { [workspace, made = output.gradient, input = variable.gradient] _ in
            guard let gradient = made.take() else { return }
            dropout.apply(to: gradient, in: workspace)
            input.value = gradient
        }
        return output
    }

    /// Enlarged twofold along each axis, plus `skip`.
    func upsampled(_ variable: Variable, adding skip: Variable) -> Variable {
        let (map, sums) = TensorCore.upsampled(variable.map, adding: skip.map, in: workspace)
        let again: () -> FeatureMap = { [workspace] in
            TensorCore.upsampled(variable.map, adding: skip.map, in: workspace).map
        }
        let output = Variable(map, sums: sums, remake: tape == nil ? nil : again)
        note { [workspace, made = output.gradient, input = variable.gradient, beside = skip.gradient] _ in
            guard let gradient = made.take() else { return }
            input.add(upsamplingGradient(gradient, in: workspace), in: workspace)
            beside.add(gradient, in: workspace)
        }
        return output
    }

    /// The transposed convolution `name.weight`, `name.bias`, whose kernel is its stride. Its windows don't overlap, so
    /// it is little work beside what reads it, and made again on the way back.
    func expanded(_ input: LayerInput, _ name: String) -> Variable {
        let bias = parameters.contains(name + ".bias") ? parameters[name + ".bias"] : nil
        let convolution = TransposedConvolution3d(
            weight: parameters[name + ".weight"], bias: bias, arithmetic: arithmetic)
        let again: () -> FeatureMap = { [workspace] in convolution.forward(input.feature, in: workspace) }
        let output = Variable(
            convolution.forward(input.feature, in: workspace), remake: tape == nil ? nil : again)
        guard tape != nil else { return output }
        input.noteReader()
        note { [workspace, made = output.gradient] gradients in
            guard let gradient = made.take() else { return input.withdrawReader(&gradients, in: workspace) }
            gradients[name + ".weight"] = convolution.weightGradient(input.feature, gradient: gradient, in: workspace)
            if bias != nil { gradients[name + ".bias"] = biasGradient(gradient, in: workspace) }
            input.takeGradient(&gradients, in: workspace) {
                convolution.inputGradient(gradient, target: $0, in: workspace)
            }
        }
        return output
    }
}
