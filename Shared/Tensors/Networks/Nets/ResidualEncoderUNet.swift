import TensorCore

/// nnU-Net's ResidualEncoderUNet: a stem and stages of residual blocks down, the decoder of `PlainUNet` up.
/// Parameters carry the names of `dynamic_network_architectures`.
package enum ResidualEncoderUNet {
    /// Fresh parameters by nnU-Net's law, reproducible from `seed`: every residual block begins as its skip.
    static func initial(_ configuration: Configuration, seed: UInt64) -> Parameters {
        UNetParameters.initial(Self.parameterTable(configuration), seed: seed) { $0.hasSuffix(".conv2.norm.weight") }
    }

    /// Every parameter's name and shape in the order of PyTorch's `named_parameters()`.
    package static func parameterTable(_ configuration: Configuration) -> [(name: String, shape: [Int])] {
        var parameters = UNetParameters()
        let features = configuration.features
        parameters.unit(
            "encoder.stem.convs.0", configuration.inputChannels, features[0], kernel: configuration.kernels[0])
        for stage in 0..<configuration.stages {
            for block in 0..<configuration.blocksPerStage[stage] {
                let name = "encoder.stages.\(stage).blocks.\(block)"
                let input = block == 0 ? features[max(stage - 1, 0)] : features[stage]
                parameters.unit(name + ".conv1", input, features[stage], kernel: configuration.kernels[stage])
                parameters.unit(name + ".conv2", features[stage], features[stage], kernel: configuration.kernels[stage])
                guard input != features[stage] else { continue }
                let skip = name + ".skip.\(projectionIndex(stride: Triple(configuration.strides[stage])))"
                parameters.convolution(skip + ".conv", input, features[stage], kernel: [1, 1, 1], bias: false)
                parameters.norm(skip + ".norm", features[stage])
            }
        }
        parameters.decoder(configuration)
        return parameters.table
    }

    /// The projection's place in a block's skip: after the average pool where the block has a stride.
    static func projectionIndex(stride: Triple) -> Int { stride == Triple(1) ? 0 : 1 }
}
