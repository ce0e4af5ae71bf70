import TensorCore

extension PlainUNet {
    /// PlainConvUNet's layers in the order of its `forward`.
    struct Body: NetworkBody {
        let configuration: Configuration

        func heads(_ image: FeatureMap, _ pass: Pass, dropoutSeed: UInt64?, allHeads: Bool) -> [Variable] {
            pass.decoded(encode(image, pass), configuration, allHeads: allHeads)
        }

        /// Every stage's output, the full resolution first. The stride is in a stage's first convolution.
        private func encode(_ image: FeatureMap, _ pass: Pass) -> [LayerInput] {
            var levels: [LayerInput] = []
            for (stage, units) in configuration.convolutionsPerStage.enumerated() {
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
}
