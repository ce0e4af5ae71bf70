import TensorCore

/// What a network of one architecture is: the choices that fix its parameters, those parameters, and the layers it
/// runs through. Everything else about networks asks this, and `Architecture.allCases` names who answers.
protocol NetworkDescription: Codable, Sendable, Equatable {
    /// Its architecture's name in configurations and on the command line.
    static var name: String { get }
    /// The keys of its choices in JSON.
    static var keys: [any CodingKey] { get }
    /// What benchmarks run when nobody names another: one input channel, 26 classes.
    static var standard: Self { get }
    /// Edge in voxels of the patch that goes with `standard`.
    static var standardEdge: Int { get }

    var inputChannels: Int { get }
    /// Channels of the logits: the classes, background included.
    var outputChannels: Int { get }
    /// Channels of the feature maps per level, the full resolution first.
    var features: [Int] { get }
    /// What the depth, height and width of an input must be multiples of.
    var spatialDivisors: [Int] { get }
    /// Every parameter's name and shape in the order of PyTorch's `named_parameters()`.
    var parameterTable: [(name: String, shape: [Int])] { get }
    /// Whether a norm has each channel of an image by itself.
    var normalizesChannels: Bool { get }
    /// Why it can be run but not be trained here; nil: it can.
    var trainingObstacle: String? { get }

    /// Throws `invalidConfiguration` naming the value and what was expected.
    func validate() throws

    /// Fresh parameters by the law of the library it comes from, reproducible from `seed`.
    func initialParameters(seed: UInt64) -> Parameters

    /// The logits of every head, the full resolution first; of the first alone unless `allHeads`. `dropoutSeed` nil: no
    /// dropout.
    func heads(_ image: FeatureMap, _ pass: Pass, dropoutSeed: UInt64?, allHeads: Bool) -> [Variable]
}

extension NetworkDescription {
    func equals(_ other: any NetworkDescription) -> Bool { other as? Self == self }
}
