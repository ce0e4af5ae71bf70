import TensorCore

/// MONAI's SegResNet (Myronenko 2018, without the VAE branch): pre-activated residual blocks, stride-2 convolutions
/// down, 1×1×1 convolution and trilinear ×2 up, skips by addition. Parameters carry MONAI's state_dict names.
package enum SegResNet {}

extension SegResNet.Configuration: NetworkDescription {
    static let name = "segresnet"
    static let keys: [any CodingKey] = CodingKeys.allCases
    static let standard = SegResNet.Configuration()
    static let standardEdge = 96

    var features: [Int] { (0..<levels).map(channels) }
    var spatialDivisors: [Int] { [Int](repeating: 1 << (levels - 1), count: 3) }
    var normalizesChannels: Bool { norm == .instance }

    var trainingObstacle: String? {
        if norm == .batch {
            return "its norms go by statistics that were gathered in another training (batch norm)"
        }
        return activation == .parametricReLU ? "its activations have slopes that are learnt (prelu)" : nil
    }
}

extension Architecture {
    package static let segResNet = Architecture(SegResNet.Configuration.self)
}

extension NetworkConfiguration {
    package static func segResNet(_ configuration: SegResNet.Configuration) -> NetworkConfiguration {
        NetworkConfiguration(configuration)
    }

    /// SegResNet's own choices; nil for another architecture, where setting it has no effect.
    package var segResNet: SegResNet.Configuration? {
        get { description as? SegResNet.Configuration }
        set { if segResNet != nil, let newValue { description = newValue } }
    }
}
