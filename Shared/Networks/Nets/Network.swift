package import TensorCore

/// A network of any architecture with its parameters.
package struct Network: Sendable {
    package let configuration: NetworkConfiguration
    /// In the order of the configuration's parameter table.
    package var parameters: Parameters

    /// Fresh parameters by the law of the library the architecture comes from, reproducible from `seed`.
    package init(configuration: NetworkConfiguration, seed: UInt64) {
        self.configuration = configuration
        parameters =
            switch configuration {
            case .segResNet(let configuration): SegResNet(configuration: configuration, seed: seed).parameters
            case .plainUNet(let configuration): PlainUNet(configuration: configuration, seed: seed).parameters
            case .residualEncoderUNet(let configuration): ResidualEncoderUNet(configuration: configuration, seed: seed).parameters
            }
    }

    /// Throws when the configuration is invalid, or a parameter is missing, unknown, of another shape or not finite, naming it.
    package init(configuration: NetworkConfiguration, parameters: Parameters) throws {
        try configuration.validate()
        self.configuration = configuration
        self.parameters = try parameters.matching(configuration.parameterTable)
        for (name, tensor) in self.parameters.named { try tensor.requireFinite("the parameter \(name)") }
    }

    /// Logits `(N, outputChannels, D, H, W)` for an input `(N, inputChannels, D, H, W)`; inference, without dropout.
    ///
    /// Throws `shapeMismatch` when the channels differ or an axis is not a multiple of its divisor.
    package func logits(_ input: Tensor, pool: ComputePool = .shared) throws -> Tensor {
        try segResNet().logits(input, pool: pool)
    }

    /// The logits of every head, the full resolution first; one for a network without deep supervision. Throws as `logits`.
    package func outputs(_ input: Tensor, pool: ComputePool = .shared) throws -> [Tensor] {
        [try logits(input, pool: pool)]
    }

    /// One training pass on the full-resolution logits: forward with dropout (nil seed = off), `loss`, which gives its value and the
    /// gradient by the logits, then backward. Gives the value and the gradient of every parameter that the loss depends on, in the
    /// table's order.
    ///
    /// Throws what `loss` throws, and as `logits` does.
    package func trainingStep(
        _ input: Tensor, dropoutSeed: UInt64?, pool: ComputePool = .shared,
        loss: (Tensor) throws -> (value: Double, gradient: Tensor)
    ) throws -> (loss: Double, gradients: Parameters) {
        try segResNet().trainingStep(input, dropoutSeed: dropoutSeed, pool: pool, loss: loss)
    }

    private func segResNet() throws -> SegResNet {
        guard case .segResNet(let segResNet) = configuration else { throw configuration.notRunnable }
        return try SegResNet(configuration: segResNet, parameters: parameters)
    }
}

extension NetworkConfiguration {
    /// Throws `invalidConfiguration` for an architecture that this version can describe, but not compute.
    package func requireRunnable() throws {
        if architecture != .segResNet { throw notRunnable }
    }

    fileprivate var notRunnable: TensorError {
        TensorError(.invalidConfiguration, "a \(architecture.rawValue) cannot be computed by this version, expected \(Architecture.segResNet.rawValue)")
    }
}
