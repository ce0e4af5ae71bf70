import TensorCore

/// nnU-Net's PlainConvUNet: stages of convolution, instance norm and leaky ReLU down, transposed convolutions up, skips
/// by concatenation, a head on every decoder stage (deep supervision). Parameters carry the names of
/// `dynamic_network_architectures`.
package enum PlainUNet {
    /// Fresh parameters by nnU-Net's law, reproducible from `seed`.
    static func initial(_ configuration: Configuration, seed: UInt64) -> Parameters {
        UNetParameters.initial(Self.parameterTable(configuration), seed: seed)
    }

    /// Every parameter's name and shape in the order of PyTorch's `named_parameters()`.
    package static func parameterTable(_ configuration: Configuration) -> [(name: String, shape: [Int])] {
        var parameters = UNetParameters()
        for stage in 0..<configuration.stages {
            let channels = configuration.features[stage]
            for unit in 0..<configuration.convolutionsPerStage[stage] {
                let input =
                    unit > 0 ? channels : stage > 0 ? configuration.features[stage - 1] : configuration.inputChannels
                parameters.unit(
                    "encoder.stages.\(stage).0.convs.\(unit)", input, channels, kernel: configuration.kernels[stage])
            }
        }
        parameters.decoder(configuration)
        return parameters.table
    }
}
