import TensorCore

/// nnU-Net's PlainConvUNet: stages of convolution, instance norm and leaky ReLU down, transposed convolutions up, skips
/// by concatenation, a head on every decoder stage (deep supervision).
struct PlainUNet: UNet {
    let configuration: UNetConfiguration

    init(_ configuration: UNetConfiguration) { self.configuration = configuration }

    static let name = "plain-unet"
    static let repeated = UNetKey.convolutionsPerStage
    static let standard = planned(repeats: [2, 2, 2, 2, 2, 2], convolutionsPerStageDecoder: [2, 2, 2, 2, 2])

    func addEncoder(to parameters: inout UNetParameters) {
        for stage in 0..<configuration.stages {
            let channels = configuration.features[stage]
            for unit in 0..<configuration.repeats[stage] {
                let input =
                    unit > 0 ? channels : stage > 0 ? configuration.features[stage - 1] : configuration.inputChannels
                parameters.unit(
                    "encoder.stages.\(stage).0.convs.\(unit)", input, channels, kernel: configuration.kernels[stage])
            }
        }
    }

    /// The stride is in a stage's first convolution.
    func encode(_ image: FeatureMap, _ pass: Pass) -> [LayerInput] {
        var levels: [LayerInput] = []
        for (stage, units) in configuration.repeats.enumerated() {
            let name = "encoder.stages.\(stage).0.convs"
            var features =
                levels.last.map { pass.unit([$0], name + ".0", stride: Triple(configuration.strides[stage])) }
                ?? pass.imageUnit(image, name + ".0")
            for number in 1..<units { features = pass.unit([features], name + ".\(number)") }
            levels.append(features)
        }
        return levels
    }
}

extension Architecture {
    package static let plainUNet = Architecture(PlainUNet.self)
}

extension NetworkConfiguration {
    package static func plainUNet(_ configuration: UNetConfiguration) -> NetworkConfiguration {
        NetworkConfiguration(PlainUNet(configuration))
    }
}
