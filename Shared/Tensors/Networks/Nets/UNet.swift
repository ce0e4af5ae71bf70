import TensorCore

/// What nnU-Net's networks have in common: all but their encoders. Parameters carry the names of
/// `dynamic_network_architectures`.
protocol UNet: NetworkDescription {
    /// The key in JSON of what an encoder stage repeats.
    static var repeated: UNetKey { get }

    var configuration: UNetConfiguration { get }
    init(_ configuration: UNetConfiguration)

    /// The encoder's part of the parameter table.
    func addEncoder(to parameters: inout UNetParameters)

    /// Every stage's output, the full resolution first.
    func encode(_ image: FeatureMap, _ pass: Pass) -> [LayerInput]

    /// Whether a norm begins with weight 0, so that what it scales adds nothing at first.
    func beginsSilent(_ norm: String) -> Bool
}

extension UNet {
    static var keys: [any CodingKey] {
        UNetKey.allCases.filter { $0 == repeated || ($0 != .convolutionsPerStage && $0 != .blocksPerStage) }
    }

    /// What nnU-Net plans for CT of 1.5 mm.
    static func planned(repeats: [Int], convolutionsPerStageDecoder: [Int]) -> Self {
        let strides = [[1, 1, 1]] + [[Int]](repeating: [2, 2, 2], count: 5)
        return Self(
            UNetConfiguration(
                inputChannels: 1, features: [32, 64, 128, 256, 320, 320],
                kernels: [[Int]](repeating: [3, 3, 3], count: 6), strides: strides, classes: 26, repeats: repeats,
                convolutionsPerStageDecoder: convolutionsPerStageDecoder))
    }
    static var standardEdge: Int { 128 }

    var inputChannels: Int { configuration.inputChannels }
    var outputChannels: Int { configuration.classes }
    var features: [Int] { configuration.features }
    /// The product of the strides.
    var spatialDivisors: [Int] {
        (0..<3).map { axis in configuration.strides.reduce(1) { $0 * $1[axis] } }
    }
    var normalizesChannels: Bool { true }
    var trainingObstacle: String? { nil }

    init(from decoder: any Decoder) throws {
        self.init(try UNetConfiguration(from: decoder, repeated: Self.repeated))
    }
    func encode(to encoder: any Encoder) throws { try configuration.encode(to: encoder, repeated: Self.repeated) }
    func validate() throws { try configuration.validate(repeated: Self.repeated) }

    var parameterTable: [(name: String, shape: [Int])] {
        var parameters = UNetParameters()
        addEncoder(to: &parameters)
        parameters.decoder(configuration)
        return parameters.table
    }

    func initialParameters(seed: UInt64) -> Parameters {
        UNetParameters.initial(parameterTable, seed: seed, silent: beginsSilent)
    }
    func beginsSilent(_ norm: String) -> Bool { false }

    func heads(_ image: FeatureMap, _ pass: Pass, dropoutSeed: UInt64?, allHeads: Bool) -> [Variable] {
        pass.decoded(encode(image, pass), configuration, allHeads: allHeads)
    }
}

extension NetworkConfiguration {
    /// The choices of a network of nnU-Net's; nil for another.
    package var uNet: UNetConfiguration? { (description as? any UNet)?.configuration }
}
