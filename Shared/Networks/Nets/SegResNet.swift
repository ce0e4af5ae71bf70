package import TensorCore

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
        self.parameters = try Self.matching(parameters, configuration)
    }

    /// What every spatial axis of the input must be divisible by: 8 for four levels.
    package var spatialDivisor: Int { 1 << (configuration.levels - 1) }
}

extension SegResNet {
    /// Logits `(N, outputChannels, D, H, W)` for an input `(N, inputChannels, D, H, W)`; inference, without dropout.
    package func logits(_ input: Tensor, pool: ComputePool = .shared) throws -> Tensor {
        throw TensorError(.invalidConfiguration, "the forward pass is being written")
    }

    /// Training: forward with dropout (nil seed = off), calls `loss` with the logits, runs backward from the gradient it
    /// returns, gives every parameter's gradient.
    package func trainingStep(
        _ input: Tensor, dropoutSeed: UInt64?, pool: ComputePool = .shared,
        loss: (Tensor) throws -> (value: Double, gradient: Tensor)
    ) throws -> (loss: Double, gradients: Parameters) {
        throw TensorError(.invalidConfiguration, "the backward pass is being written")
    }
}
