import TensorCore

/// nnU-Net's ResidualEncoderUNet ("ResEnc"): a stem and stages of residual blocks down, the decoder of `PlainUNet` up.
struct ResidualEncoderUNet: UNet {
    let configuration: UNetConfiguration

    init(_ configuration: UNetConfiguration) { self.configuration = configuration }

    static let name = "residual-encoder-unet"
    static let repeated = UNetKey.blocksPerStage
    static let standard = planned(repeats: [1, 3, 4, 6, 6, 6], convolutionsPerStageDecoder: [1, 1, 1, 1, 1])

    func addEncoder(to parameters: inout UNetParameters) {
        let features = configuration.features
        parameters.unit(
            "encoder.stem.convs.0", configuration.inputChannels, features[0], kernel: configuration.kernels[0])
        for stage in 0..<configuration.stages {
            for block in 0..<configuration.repeats[stage] {
                let name = "encoder.stages.\(stage).blocks.\(block)"
                let input = block == 0 ? features[max(stage - 1, 0)] : features[stage]
                parameters.unit(name + ".conv1", input, features[stage], kernel: configuration.kernels[stage])
                parameters.unit(name + ".conv2", features[stage], features[stage], kernel: configuration.kernels[stage])
                guard input != features[stage] else { continue }
                let skip = name + ".skip.\(Self.projectionIndex(stride: Triple(configuration.strides[stage])))"
                parameters.convolution(skip + ".conv", input, features[stage], kernel: [1, 1, 1], bias: false)
                parameters.norm(skip + ".norm", features[stage])
            }
        }
    }

    /// The projection's place in a block's skip: after the average pool where the block has a stride.
    static func projectionIndex(stride: Triple) -> Int { stride == Triple(1) ? 0 : 1 }

    /// The stride is in a stage's first block.
    func encode(_ image: FeatureMap, _ pass: Pass) -> [LayerInput] {
        var features = pass.imageUnit(image, "encoder.stem.convs.0")
        return configuration.repeats.enumerated().map { stage, blocks in
            for block in 0..<blocks {
                features = pass.residualEncoderBlock(
                    features, "encoder.stages.\(stage).blocks.\(block)",
                    stride: block == 0 ? Triple(configuration.strides[stage]) : Triple(1))
            }
            return features
        }
    }

    /// Every residual block begins as its skip.
    func beginsSilent(_ norm: String) -> Bool { norm.hasSuffix(".conv2.norm.weight") }
}

extension Architecture {
    package static let residualEncoderUNet = Architecture(ResidualEncoderUNet.self)
}

extension NetworkConfiguration {
    package static func residualEncoderUNet(_ configuration: UNetConfiguration) -> NetworkConfiguration {
        NetworkConfiguration(ResidualEncoderUNet(configuration))
    }
}
