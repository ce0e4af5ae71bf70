import TensorCore

extension ResidualEncoderUNet {
    /// ResidualEncoderUNet's layers in the order of its `forward`.
    struct Body: NetworkBody {
        let configuration: Configuration

        func heads(_ image: FeatureMap, _ pass: Pass, dropoutSeed: UInt64?, allHeads: Bool) -> [Variable] {
            pass.decoded(encode(image, pass), configuration, allHeads: allHeads)
        }

        /// Every stage's output, the full resolution first. The stride is in a stage's first block.
        private func encode(_ image: FeatureMap, _ pass: Pass) -> [LayerInput] {
            var features = pass.imageUnit(image, "encoder.stem.convs.0")
            return configuration.blocksPerStage.enumerated().map { stage, blocks in
                for block in 0..<blocks {
                    features = pass.residualEncoderBlock(
                        features, "encoder.stages.\(stage).blocks.\(block)",
                        stride: block == 0 ? Triple(configuration.strides[stage]) : Triple(1))
                }
                return features
            }
        }
    }
}
