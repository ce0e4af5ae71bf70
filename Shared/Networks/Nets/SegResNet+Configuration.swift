import TensorCore

extension SegResNet {
    /// The choices that fix the parameter table. Keys in JSON are MONAI's argument names (`init_filters`, …); absent keys take the default.
    package struct Configuration: Codable, Sendable, Equatable {
        package var inputChannels: Int
        package var outputChannels: Int
        package var initialFilters: Int
        /// Residual blocks per level on the way down; its count is the number of levels.
        package var blocksDown: [Int]
        package var blocksUp: [Int]
        package var normalizationGroups: Int
        /// Probability that a whole channel after the first convolution is dropped in training.
        package var dropout: Double

        package init(
            inputChannels: Int = 1, outputChannels: Int = 26, initialFilters: Int = 32, blocksDown: [Int] = [1, 2, 2, 4],
            blocksUp: [Int] = [1, 1, 1], normalizationGroups: Int = 8, dropout: Double = 0.2
        ) {
            self.inputChannels = inputChannels
            self.outputChannels = outputChannels
            self.initialFilters = initialFilters
            self.blocksDown = blocksDown
            self.blocksUp = blocksUp
            self.normalizationGroups = normalizationGroups
            self.dropout = dropout
        }

        enum CodingKeys: String, CodingKey, CaseIterable {
            case inputChannels = "in_channels"
            case outputChannels = "out_channels"
            case initialFilters = "init_filters"
            case blocksDown = "blocks_down"
            case blocksUp = "blocks_up"
            case normalizationGroups = "norm_groups"
            case dropout = "dropout_prob"
        }

        package init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            func value<T: Decodable>(_ key: CodingKeys, _ fallback: T) throws -> T {
                try values.decodeIfPresent(T.self, forKey: key) ?? fallback
            }
            let standard = Configuration()
            inputChannels = try value(.inputChannels, standard.inputChannels)
            outputChannels = try value(.outputChannels, standard.outputChannels)
            initialFilters = try value(.initialFilters, standard.initialFilters)
            blocksDown = try value(.blocksDown, standard.blocksDown)
            blocksUp = try value(.blocksUp, standard.blocksUp)
            normalizationGroups = try value(.normalizationGroups, standard.normalizationGroups)
            dropout = try value(.dropout, standard.dropout)
        }

        package var levels: Int { blocksDown.count }

        /// Channels at a level, 0 being the full resolution.
        package func channels(at level: Int) -> Int { initialFilters << level }

        /// Throws `invalidConfiguration` naming the value and what was expected.
        package func validate() throws {
            func require(_ holds: Bool, _ text: @autoclosure () -> String) throws {
                if !holds { throw TensorError(.invalidConfiguration, text()) }
            }
            try require((1...4096).contains(inputChannels), "in_channels must be 1 to 4096, got \(inputChannels)")
            try require((1...256).contains(outputChannels), "out_channels must be 1 to 256, got \(outputChannels)")
            try require((1...4096).contains(initialFilters), "init_filters must be 1 to 4096, got \(initialFilters)")
            try require((1...8).contains(levels), "blocks_down must name 1 to 8 levels, got \(levels)")
            try require(
                blocksUp.count == levels - 1, "blocks_up must have one entry fewer than blocks_down (\(levels)), got \(blocksUp.count)")
            try require(
                (blocksDown + blocksUp).allSatisfy { (0...64).contains($0) },
                "blocks_down and blocks_up must be 0 to 64 at each level, got \(blocksDown) and \(blocksUp)")
            try require(
                normalizationGroups > 0 && initialFilters % normalizationGroups == 0,
                "norm_groups must divide init_filters (\(initialFilters)), got \(normalizationGroups)")
            try require(dropout >= 0 && dropout < 1, "dropout_prob must be at least 0 and less than 1, got \(dropout)")
        }
    }
}
