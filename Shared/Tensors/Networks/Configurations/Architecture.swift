/// The networks that can be described, by their names in configurations and on the command line.
package enum Architecture: String, Sendable, CaseIterable {
    /// MONAI's SegResNet.
    case segResNet = "segresnet"
    /// nnU-Net's PlainConvUNet.
    case plainUNet = "plain-unet"
    /// nnU-Net's ResidualEncoderUNet ("ResEnc").
    case residualEncoderUNet = "residual-encoder-unet"

    /// `segresnet, plain-unet or residual-encoder-unet`, for messages.
    package static var choices: String {
        let names = allCases.map(\.rawValue)
        return names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
    }

    /// The keys its configuration has in JSON, `architecture` among them.
    package var configurationKeys: [String] {
        let own: [any CodingKey] =
            switch self {
            case .segResNet: SegResNet.Configuration.CodingKeys.allCases
            case .plainUNet: UNetKey.allCases.filter { $0 != .blocksPerStage }
            case .residualEncoderUNet: UNetKey.allCases.filter { $0 != .convolutionsPerStage }
            }
        return own.map(\.stringValue) + ["architecture"]
    }
}
