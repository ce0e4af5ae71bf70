extension NetworkConfiguration {
    /// The network that benchmarks run when nobody names another: MONAI Label's SegResNet, or what nnU-Net plans for CT
    /// of 1.5 mm; one input channel, 26 classes.
    package static func standard(_ architecture: Architecture) -> NetworkConfiguration {
        let features = [32, 64, 128, 256, 320, 320]
        let kernels = [[Int]](repeating: [3, 3, 3], count: 6)
        let strides = [[1, 1, 1]] + [[Int]](repeating: [2, 2, 2], count: 5)
        return switch architecture {
        case .segResNet: .segResNet(SegResNet.Configuration())
        case .plainUNet:
            .plainUNet(
                PlainUNet.Configuration(
                    inputChannels: 1, features: features, kernels: kernels, strides: strides, classes: 26,
                    convolutionsPerStage: [2, 2, 2, 2, 2, 2], convolutionsPerStageDecoder: [2, 2, 2, 2, 2]))
        case .residualEncoderUNet:
            .residualEncoderUNet(
                ResidualEncoderUNet.Configuration(
                    inputChannels: 1, features: features, kernels: kernels, strides: strides, classes: 26,
                    blocksPerStage: [1, 3, 4, 6, 6, 6],
                    convolutionsPerStageDecoder: [1, 1, 1, 1, 1]))
        }
    }

    /// The patch that goes with `standard`, in voxels.
    package static func standardPatch(_ architecture: Architecture) -> [Int] {
        [Int](repeating: architecture == .segResNet ? 96 : 128, count: 3)
    }
}
