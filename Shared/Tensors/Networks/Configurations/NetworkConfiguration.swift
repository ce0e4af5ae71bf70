import TensorCore

/// The choices that fix a network's parameter table, for any architecture.
package enum NetworkConfiguration: Sendable, Equatable {
    case segResNet(SegResNet.Configuration)
    case plainUNet(PlainUNet.Configuration)
    case residualEncoderUNet(ResidualEncoderUNet.Configuration)

    package var architecture: Architecture {
        switch self {
        case .segResNet: .segResNet
        case .plainUNet: .plainUNet
        case .residualEncoderUNet: .residualEncoderUNet
        }
    }

    /// SegResNet's own choices; nil for another architecture, where setting it has no effect.
    package var segResNet: SegResNet.Configuration? {
        get { if case .segResNet(let configuration) = self { configuration } else { nil } }
        set { if case .segResNet = self, let newValue { self = .segResNet(newValue) } }
    }

    package var inputChannels: Int {
        switch self {
        case .segResNet(let configuration): configuration.inputChannels
        case .plainUNet(let configuration): configuration.inputChannels
        case .residualEncoderUNet(let configuration): configuration.inputChannels
        }
    }

    /// Channels of the logits: the classes, background included.
    package var outputChannels: Int {
        switch self {
        case .segResNet(let configuration): configuration.outputChannels
        case .plainUNet(let configuration): configuration.classes
        case .residualEncoderUNet(let configuration): configuration.classes
        }
    }

    /// Channels of the feature maps per level, the full resolution first.
    package var features: [Int] {
        switch self {
        case .segResNet(let configuration): (0..<configuration.levels).map(configuration.channels)
        case .plainUNet(let configuration): configuration.features
        case .residualEncoderUNet(let configuration): configuration.features
        }
    }

    /// What the depth, height and width of an input must be multiples of.
    package var spatialDivisors: [Int] {
        switch self {
        case .segResNet(let configuration): [Int](repeating: 1 << (configuration.levels - 1), count: 3)
        case .plainUNet(let configuration): configuration.spatialDivisors
        case .residualEncoderUNet(let configuration): configuration.spatialDivisors
        }
    }

    /// Every parameter's name and shape in the order of PyTorch's `named_parameters()`.
    package var parameterTable: [(name: String, shape: [Int])] {
        switch self {
        case .segResNet(let configuration): SegResNet.parameterTable(configuration)
        case .plainUNet(let configuration): PlainUNet.parameterTable(configuration)
        case .residualEncoderUNet(let configuration): ResidualEncoderUNet.parameterTable(configuration)
        }
    }

    /// Why it can be run but not be trained here; nil: it can.
    package var trainingObstacle: String? {
        guard case .segResNet(let configuration) = self else { return nil }
        if configuration.norm == .batch {
            return "its norms go by statistics that were gathered in another training (batch norm)"
        }
        return configuration.activation == .parametricReLU ? "its activations have slopes that are learnt (prelu)" : nil
    }

    /// Whether a norm has each channel of an image by itself.
    var normalizesChannels: Bool { segResNet.map { $0.norm == .instance } ?? true }

    /// Throws `invalidConfiguration` naming the value and what was expected.
    package func validate() throws {
        switch self {
        case .segResNet(let configuration): try configuration.validate()
        case .plainUNet(let configuration): try configuration.validate()
        case .residualEncoderUNet(let configuration): try configuration.validate()
        }
        let count = parameterTable.reduce(0) { $0 + $1.shape.reduce(1, *) }
        guard count <= Self.mostParameters else {
            throw TensorError(
                .invalidConfiguration,
                "the network would have \(count) parameters, at most \(Self.mostParameters) can be taken; lessen its channels"
            )
        }
    }

    /// Ten times the largest of nnU-Net's: 4 GB of weights. A slip in a configuration must not ask for more memory than
    /// any machine has.
    private static let mostParameters = 1_000_000_000
}
