import Faults
import TensorCore

extension SegResNet {
    /// The choices that fix the parameter table. Keys in JSON are MONAI's argument names (`init_filters`, …); absent
    /// keys take the default.
    package struct Configuration: Codable, Sendable, Equatable {
        package var inputChannels: Int
        package var outputChannels: Int
        package var initialFilters: Int
        /// Residual blocks per level on the way down; its count is the number of levels.
        package var blocksDown: [Int]
        package var blocksUp: [Int]
        package var norm: Norm
        /// Whether the norms have weights and biases (PyTorch's `affine`).
        package var normsHaveWeights: Bool
        package var activation: Activation
        /// Probability that a whole channel after the first convolution is dropped in training.
        package var dropout: Double

        package init(
            inputChannels: Int = 1, outputChannels: Int = 26, initialFilters: Int = 32,
            blocksDown: [Int] = [1, 2, 2, 4],
            blocksUp: [Int] = [1, 1, 1], norm: Norm = .usual, normsHaveWeights: Bool = true,
            activation: Activation = .relu, dropout: Double = 0.2
        ) {
            self.inputChannels = inputChannels
            self.outputChannels = outputChannels
            self.initialFilters = initialFilters
            self.blocksDown = blocksDown
            self.blocksUp = blocksUp
            self.norm = norm
            self.normsHaveWeights = normsHaveWeights
            self.activation = activation
            self.dropout = dropout
        }

        enum CodingKeys: String, CodingKey, CaseIterable {
            case inputChannels = "in_channels"
            case outputChannels = "out_channels"
            case initialFilters = "init_filters"
            case blocksDown = "blocks_down"
            case blocksUp = "blocks_up"
            /// Of group norms with weights, which need no `norm`.
            case normalizationGroups = "norm_groups"
            case norm
            case activation = "act"
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
            dropout = try value(.dropout, standard.dropout)
            let groups = try values.decodeIfPresent(Int.self, forKey: .normalizationGroups)
            let choice = try values.decodeIfPresent(LayerChoice.self, forKey: .norm) ?? LayerChoice("group")
            (norm, normsHaveWeights) = try Norm.chosen(choice, groups: groups ?? Norm.usualGroups)
            if let groups, norm != .group(groups) {
                throw TensorError(
                    .invalidConfiguration, "norm_groups is \(groups), norm says otherwise: leave one of them out")
            }
            activation =
                try values.decodeIfPresent(LayerChoice.self, forKey: .activation).map { try Activation.chosen($0) }
                ?? standard.activation
        }

        /// What is as MONAI has it unless told otherwise is left out, but for the groups: plans keep their bytes.
        package func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(inputChannels, forKey: .inputChannels)
            try values.encode(outputChannels, forKey: .outputChannels)
            try values.encode(initialFilters, forKey: .initialFilters)
            try values.encode(blocksDown, forKey: .blocksDown)
            try values.encode(blocksUp, forKey: .blocksUp)
            try values.encode(dropout, forKey: .dropout)
            if case .group(let count) = norm, normsHaveWeights {
                try values.encode(count, forKey: .normalizationGroups)
            } else {
                try values.encode(norm.choice(hasWeights: normsHaveWeights), forKey: .norm)
            }
            if activation != .relu { try values.encode(activation.choice, forKey: .activation) }
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
                blocksUp.count == levels - 1,
                "blocks_up must have one entry fewer than blocks_down (\(levels)), got \(blocksUp.count)")
            try require(
                (blocksDown + blocksUp).allSatisfy { (0...64).contains($0) },
                "blocks_down and blocks_up must be 0 to 64 at each level, got \(blocksDown) and \(blocksUp)")
            if case .group(let count) = norm {
                try require(
                    count > 0 && initialFilters % count == 0,
                    "norm_groups must divide init_filters (\(initialFilters)), got \(count)")
            }
            if case .leakyReLU(let slope) = activation {
                try require(
                    (-10...10).contains(slope),
                    "the negative_slope of act must be a number from -10 to 10, got \(slope)")
            }
            try require(dropout >= 0 && dropout < 1, "dropout_prob must be at least 0 and less than 1, got \(dropout)")
        }
    }
}
