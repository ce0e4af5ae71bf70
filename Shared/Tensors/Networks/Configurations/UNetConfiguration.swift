import TensorCore

/// What nnU-Net's two networks have in common: an encoder of stages, each beginning with its stride, and a decoder that
/// undoes them.
package protocol UNetConfiguration: Codable, Sendable, Equatable {
    var inputChannels: Int { get }
    /// Channels per stage, the full resolution first.
    var features: [Int] { get }
    /// Edges (depth, height, width) of the convolutions of each stage.
    var kernels: [[Int]] { get }
    /// Strides (depth, height, width) that each stage begins with; the first is 1, 1, 1.
    var strides: [[Int]] { get }
    var classes: Int { get }
    /// Convolutions per decoder stage, the lowest resolution first.
    var convolutionsPerStageDecoder: [Int] { get }

    /// What each encoder stage repeats, and its key in JSON.
    var repeats: (key: UNetKey, counts: [Int]) { get }
}

extension UNetConfiguration {
    package var stages: Int { features.count }

    /// What the depth, height and width of an input must be multiples of: the product of the strides.
    package var spatialDivisors: [Int] { (0..<3).map { axis in strides.reduce(1) { $0 * $1[axis] } } }

    /// Throws `invalidConfiguration` naming the value and what was expected.
    package func validate() throws {
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
            repeats.counts.count == stages && repeats.counts.allSatisfy { (1...64).contains($0) },
            "\(repeats.key.rawValue) must be 1 to 64 for each of the \(stages) stages, got \(repeats.counts)")
        try require(
            convolutionsPerStageDecoder.count == stages - 1
                && convolutionsPerStageDecoder.allSatisfy { (1...64).contains($0) },
            "convolutions_per_stage_decoder must be 1 to 64 for each of the \(stages - 1) decoder stages, got \(convolutionsPerStageDecoder)"
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: UNetKey.self)
        try values.encode(inputChannels, forKey: .inputChannels)
        try values.encode(features, forKey: .features)
        try values.encode(kernels, forKey: .kernels)
        try values.encode(strides, forKey: .strides)
        try values.encode(classes, forKey: .classes)
        try values.encode(repeats.counts, forKey: repeats.key)
        try values.encode(convolutionsPerStageDecoder, forKey: .convolutionsPerStageDecoder)
    }
}
