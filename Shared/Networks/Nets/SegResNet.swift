import TensorCore

/// MONAI's SegResNet (Myronenko 2018, without the VAE branch): pre-activated residual blocks, stride-2 convolutions down,
/// 1×1×1 convolution and trilinear ×2 up, skips by addition. Parameters carry MONAI's state_dict names.
package struct SegResNet: Sendable {
    package var configuration: Configuration
    package var parameters: Parameters

    /// Fresh parameters by PyTorch's default law, reproducible from `seed`.
    package init(configuration: Configuration, seed: UInt64) {
        self.configuration = configuration
        parameters = Self.initial(configuration, seed: seed)
    }

    /// Throws when a parameter is missing, unknown or of another shape, naming it and both shapes.
    package init(configuration: Configuration, parameters: Parameters) throws {
        try configuration.validate()
        self.configuration = configuration
        self.parameters = try parameters.matching(Self.parameterTable(configuration))
    }

    /// What every spatial axis of the input must be divisible by: 8 for four levels.
    package var spatialDivisor: Int { 1 << (configuration.levels - 1) }
}
