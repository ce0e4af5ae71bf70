import TensorCore

/// nnU-Net's PlainConvUNet: stages of convolution, instance norm and leaky ReLU down, transposed convolutions up, skips by concatenation,
/// a head on every decoder stage (deep supervision). Parameters carry the names of `dynamic_network_architectures`.
package struct PlainUNet: Sendable {
    package let configuration: Configuration
    package var parameters: Parameters

    /// Fresh parameters by nnU-Net's law, reproducible from `seed`.
    package init(configuration: Configuration, seed: UInt64) {
        self.configuration = configuration
        parameters = UNetParameters.initial(Self.parameterTable(configuration), seed: seed)
    }

    /// Throws when a parameter is missing, unknown or of another shape, naming it and both shapes.
    package init(configuration: Configuration, parameters: Parameters) throws {
        try configuration.validate()
        self.configuration = configuration
        self.parameters = try parameters.matching(Self.parameterTable(configuration))
    }

    /// Every parameter's name and shape in the order of PyTorch's `named_parameters()`.
    package static func parameterTable(_ configuration: Configuration) -> [(name: String, shape: [Int])] {
        var parameters = UNetParameters()
        for stage in 0..<configuration.stages {
            let channels = configuration.features[stage]
            for unit in 0..<configuration.convolutionsPerStage[stage] {
                let input = unit > 0 ? channels : stage > 0 ? configuration.features[stage - 1] : configuration.inputChannels
                parameters.unit("encoder.stages.\(stage).0.convs.\(unit)", input, channels, kernel: configuration.kernels[stage])
            }
        }
        parameters.decoder(configuration)
        return parameters.table
    }
}
