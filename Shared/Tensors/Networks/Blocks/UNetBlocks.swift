import TensorCore

/// nnU-Net's blocks, the same in both of its networks.
extension Pass {
    /// Of nnU-Net's leaky ReLU.
    static let leak: Float = 0.01

    /// Convolution with bias, instance norm, leaky ReLU.
    func unit(_ inputs: [LayerInput], _ name: String, stride: Triple = Triple(1), slope: Float = leak) -> LayerInput {
        normalized(convolved(inputs, name + ".conv", stride: stride), name + ".norm", groups: nil, slope: slope)
    }

    /// The first unit of a network, on the image.
    func imageUnit(_ image: FeatureMap, _ name: String) -> LayerInput {
        normalized(convolvedImage(image, name + ".conv"), name + ".norm", groups: nil, slope: Self.leak)
    }

    /// The decoder: each step takes the level below up, puts the skip beside it and convolves both; the logits of its
    /// heads, the full resolution first.
    /// - Parameter levels: the encoder's stages, the full resolution first.
    func decoded(_ levels: [LayerInput], _ configuration: UNetConfiguration, allHeads: Bool) -> [Variable] {
        var levels = levels
        var features = levels.removeLast()
        var heads: [Variable] = []
        for (step, units) in configuration.convolutionsPerStageDecoder.enumerated() {
            let upward = LayerInput(expanded(features, "decoder.transpconvs.\(step)"))
            features = unit([upward, levels.removeLast()], "decoder.stages.\(step).convs.0")
            for number in 1..<units { features = unit([features], "decoder.stages.\(step).convs.\(number)") }
            if allHeads || levels.isEmpty { heads.append(convolved([features], "decoder.seg_layers.\(step)")) }
        }
        return heads.reversed()
    }
}

extension Triple {
    init(_ edges: [Int]) { self.init(edges[0], edges[1], edges[2]) }
}
