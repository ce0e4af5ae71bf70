extension PlainUNet {
    /// The choices that fix the parameter table. Keys in JSON: `UNetKey`; the counts may be one number for all stages.
    package struct Configuration: UNetConfiguration {
        package var inputChannels: Int
        package var features: [Int]
        package var kernels: [[Int]]
        package var strides: [[Int]]
        package var classes: Int
        /// Convolutions per encoder stage, the full resolution first.
        package var convolutionsPerStage: [Int]
        package var convolutionsPerStageDecoder: [Int]

        package init(
            inputChannels: Int, features: [Int], kernels: [[Int]], strides: [[Int]], classes: Int,
            convolutionsPerStage: [Int],
            convolutionsPerStageDecoder: [Int]
        ) {
            self.inputChannels = inputChannels
            self.features = features
            self.kernels = kernels
            self.strides = strides
            self.classes = classes
            self.convolutionsPerStage = convolutionsPerStage
            self.convolutionsPerStageDecoder = convolutionsPerStageDecoder
        }

        package init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: UNetKey.self)
            inputChannels = try values.decode(Int.self, forKey: .inputChannels)
            features = try values.decode([Int].self, forKey: .features)
            kernels = try values.triples(.kernels)
            strides = try values.triples(.strides)
            classes = try values.decode(Int.self, forKey: .classes)
            convolutionsPerStage = try values.counts(.convolutionsPerStage, features.count)
            convolutionsPerStageDecoder = try values.counts(.convolutionsPerStageDecoder, features.count - 1)
        }

        package var repeats: (key: UNetKey, counts: [Int]) { (.convolutionsPerStage, convolutionsPerStage) }
    }
}
