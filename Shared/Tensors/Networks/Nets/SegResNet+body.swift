import TensorCore

// SegResNet's layers in the order of MONAI's `forward`.
extension SegResNet.Configuration {
    func heads(_ image: FeatureMap, _ pass: Pass, dropoutSeed: UInt64?, allHeads: Bool) -> [Variable] {
        var features = pass.convolvedImage(image, "convInit.conv")
        if let dropoutSeed, dropout > 0 {
            features = pass.dropped(
                features,
                Dropout3d(
                    probability: dropout, batch: image.batch, channels: initialFilters,
                    seed: dropoutSeed))
        }
        return [decode(encode(features, pass), pass)]
    }

    /// Every level's output, the full resolution first.
    private func encode(_ features: Variable, _ pass: Pass) -> [Variable] {
        var (features, levels) = (features, [Variable]())
        for (level, blocks) in blocksDown.enumerated() {
            if level > 0 {
                features = pass.convolved([LayerInput(features)], "down_layers.\(level).0.conv", stride: Triple(2))
            }
            for block in 0..<blocks {
                features = residualBlock(features, "down_layers.\(level).\(block + 1)", pass)
            }
            levels.append(features)
        }
        return levels
    }

    private func decode(_ levels: [Variable], _ pass: Pass) -> Variable {
        var levels = levels
        var features = levels.removeLast()
        for (step, blocks) in blocksUp.enumerated() {
            let narrowed = pass.convolved([LayerInput(features)], "up_samples.\(step).0.conv")
            features = pass.upsampled(narrowed, adding: levels.removeLast())
            for block in 0..<blocks { features = residualBlock(features, "up_layers.\(step).\(block)", pass) }
        }
        let normalized = pass.normalized(
            features, "conv_final.0", groups: norm.groups,
            slope: slope(SegResNet.headActivation, pass))
        return pass.convolved([normalized], "conv_final.2.conv")
    }

    private func residualBlock(_ input: Variable, _ name: String, _ pass: Pass) -> Variable {
        pass.checkpointed(input) { pass, input in
            pass.residualBlock(input, name, groups: norm.groups, slope: slope(name + ".act", pass))
        }
    }

    /// Of what an activation makes of negative values.
    private func slope(_ name: String, _ pass: Pass) -> Float {
        switch activation {
        case .relu: 0
        case .leakyReLU(let slope): Float(slope)
        case .parametricReLU: pass.parameters[name + ".weight"][0]
        }
    }
}
