/// A kind of network that can be described, under its name in configurations and on the command line.
package struct Architecture: Sendable {
    let description: any NetworkDescription.Type

    init(_ description: any NetworkDescription.Type) { self.description = description }

    /// The architectures there are: one more is a `NetworkDescription`, and its name here.
    package static let allCases: [Architecture] = [.segResNet, .plainUNet, .residualEncoderUNet]

    /// `segresnet, plain-unet or residual-encoder-unet`, for messages.
    package static var choices: String {
        let names = allCases.map(\.rawValue)
        return names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
    }

    /// The keys its configuration has in JSON, `architecture` among them.
    package var configurationKeys: [String] { description.keys.map(\.stringValue) + ["architecture"] }
}

extension Architecture: CaseIterable, RawRepresentable, Equatable {
    package init?(rawValue: String) {
        guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = known
    }

    package var rawValue: String { description.name }
}
