import Statistics
import TensorCore

extension SegResNet {
    /// The head's activation; MONAI knows it also as `conv_final.1`.
    package static let headActivation = "act_mod"
    /// A parameter that every SegResNet has.
    package static let anchor = "convInit.conv.weight"
}

extension SegResNet.Configuration {
    /// Every parameter's name and shape in MONAI's state_dict order, running statistics of norms among them: the one
    /// table that allocation, checkpoints and tests use.
    package var parameterTable: [(name: String, shape: [Int])] {
        var table: [(name: String, shape: [Int])] = []
        func convolution(_ name: String, _ output: Int, _ input: Int, kernel: Int) {
            table.append((name + ".conv.weight", [output, input, kernel, kernel, kernel]))
        }
        func norm(_ name: String, _ channels: Int) {
            let weights = normsHaveWeights ? [".weight", ".bias"] : []
            let statistics = self.norm == .batch ? [".running_mean", ".running_var"] : []
            for value in weights + statistics { table.append((name + value, [channels])) }
        }
        func activation(_ name: String) {
            if self.activation == .parametricReLU { table.append((name + ".weight", [1])) }
        }
        func residualBlock(_ name: String, _ channels: Int) {
            norm(name + ".norm1", channels)
            norm(name + ".norm2", channels)
            activation(name + ".act")
            convolution(name + ".conv1", channels, channels, kernel: 3)
            convolution(name + ".conv2", channels, channels, kernel: 3)
        }

        activation(SegResNet.headActivation)
        convolution("convInit", initialFilters, inputChannels, kernel: 3)
        for level in 0..<levels {
            let channels = self.channels(at: level)
            if level > 0 { convolution("down_layers.\(level).0", channels, channels / 2, kernel: 3) }
            for block in 0..<blocksDown[level] { residualBlock("down_layers.\(level).\(block + 1)", channels) }
        }
        for step in 0..<blocksUp.count {
            for block in 0..<blocksUp[step] {
                residualBlock("up_layers.\(step).\(block)", channels(at: levels - 2 - step))
            }
        }
        for step in 0..<blocksUp.count {
            let channels = self.channels(at: levels - 2 - step)
            convolution("up_samples.\(step).0", channels, channels * 2, kernel: 1)
        }
        norm("conv_final.0", initialFilters)
        convolution("conv_final.2", outputChannels, initialFilters, kernel: 1)
        table.append(("conv_final.2.conv.bias", [outputChannels]))
        return table
    }

    /// PyTorch's defaults: convolution weights and biases uniform within ±1/√fan_in, norms weight 1 and bias 0, learnt
    /// slopes 0.25.
    func initialParameters(seed: UInt64) -> Parameters {
        var generator = SplitMix64(seed: seed)
        let named = parameterTable.map { name, shape -> (String, Tensor) in
            let isConvolution = name.contains(".conv.")
            guard isConvolution else {
                let isSlope = name.hasSuffix(".act.weight") || name == SegResNet.headActivation + ".weight"
                let value: Float = isSlope ? 0.25 : name.hasSuffix(".weight") || name.hasSuffix(".running_var") ? 1 : 0
                return (name, Tensor([Float](repeating: value, count: shape[0]), shape: shape))
            }
            // The only convolution with a bias is the 1×1×1 head, whose fan-in is its input channels.
            let fanIn = shape.count > 1 ? shape.dropFirst().reduce(1, *) : initialFilters
            let bound = 1 / Float(fanIn).squareRoot()
            let values = (0..<shape.reduce(1, *)).map { _ in (2 * generator.nextUnitFloat() - 1) * bound }
            return (name, Tensor(values, shape: shape))
        }
        return Parameters(named: named)
    }
}
