import Faults
import TensorCore

/// The choices that fix a network of nnU-Net's: an encoder of stages, each beginning with its stride, and a decoder
/// that undoes them. Which of its two encoders it has is the architecture's.
package struct UNetConfiguration: Sendable, Equatable {
    package var inputChannels: Int
    /// Channels per stage, the full resolution first.
    package var features: [Int]
    /// Edges (depth, height, width) of the convolutions of each stage.
    package var kernels: [[Int]]
    /// Strides (depth, height, width) that each stage begins with; the first is 1, 1, 1.
    package var strides: [[Int]]
    package var classes: Int
    /// Convolutions, or residual blocks, per encoder stage, the full resolution first.
    package var repeats: [Int]
    /// Convolutions per decoder stage, the lowest resolution first.
    package var convolutionsPerStageDecoder: [Int]

    package init(
        inputChannels: Int, features: [Int], kernels: [[Int]], strides: [[Int]], classes: Int, repeats: [Int],
        convolutionsPerStageDecoder: [Int]
    ) {
        self.inputChannels = inputChannels
        self.features = features
        self.kernels = kernels
        self.strides = strides
        self.classes = classes
        self.repeats = repeats
        self.convolutionsPerStageDecoder = convolutionsPerStageDecoder
    }

    package var stages: Int { features.count }

    /// Throws `invalidConfiguration` naming the value and what was expected.
    /// - Parameter repeated: the key of `repeats` in JSON.
    func validate(repeated: UNetKey) throws {
        func require(_ holds: Bool, _ text: @autoclosure () -> String) throws {
            if !holds { throw TensorError(.invalidConfiguration, text()) }
        }
        try require((1...4096).contains(inputChannels), "input_channels must be 1 to 4096, got \(inputChannels)")
        try require((1...256).contains(classes), "classes must be 1 to 256, got \(classes)")
        try require((2...10).contains(stages), "features must name 2 to 10 stages, got \(stages)")
        try require(
            features.allSatisfy { (1...4096).contains($0) }, "features must be 1 to 4096 at each stage, got \(features)"
        )
        try require(
            kernels.count == stages
                && kernels.allSatisfy { $0.count == 3 && $0.allSatisfy { [1, 3, 5, 7].contains($0) } },
            "kernels must have three odd edges from 1 to 7 for each of the \(stages) stages, got \(kernels)")
        try require(
            strides.count == stages && strides.allSatisfy { $0.count == 3 && $0.allSatisfy { (1...4).contains($0) } },
            "strides must have three numbers from 1 to 4 for each of the \(stages) stages, got \(strides)")
        try require(strides[0] == [1, 1, 1], "the first stage's strides must be [1, 1, 1], got \(strides[0])")
        try require(
            repeats.count == stages && repeats.allSatisfy { (1...64).contains($0) },
            "\(repeated.rawValue) must be 1 to 64 for each of the \(stages) stages, got \(repeats)")
        try require(
            convolutionsPerStageDecoder.count == stages - 1
                && convolutionsPerStageDecoder.allSatisfy { (1...64).contains($0) },
            "convolutions_per_stage_decoder must be 1 to 64 for each of the \(stages - 1) decoder stages, got \(convolutionsPerStageDecoder)"
        )
    }
}

// In JSON the counts may be one number for all stages, kernels and strides one for all axes.
extension UNetConfiguration {
    init(from decoder: any Decoder, repeated: UNetKey) throws {
        let values = try decoder.container(keyedBy: UNetKey.self)
        inputChannels = try values.decode(Int.self, forKey: .inputChannels)
        features = try values.decode([Int].self, forKey: .features)
        kernels = try values.triples(.kernels)
        strides = try values.triples(.strides)
        classes = try values.decode(Int.self, forKey: .classes)
        repeats = try values.counts(repeated, features.count)
        convolutionsPerStageDecoder = try values.counts(.convolutionsPerStageDecoder, features.count - 1)
    }

    func encode(to encoder: any Encoder, repeated: UNetKey) throws {
        var values = encoder.container(keyedBy: UNetKey.self)
        try values.encode(inputChannels, forKey: .inputChannels)
        try values.encode(features, forKey: .features)
        try values.encode(kernels, forKey: .kernels)
        try values.encode(strides, forKey: .strides)
        try values.encode(classes, forKey: .classes)
        try values.encode(repeats, forKey: repeated)
        try values.encode(convolutionsPerStageDecoder, forKey: .convolutionsPerStageDecoder)
    }
}
