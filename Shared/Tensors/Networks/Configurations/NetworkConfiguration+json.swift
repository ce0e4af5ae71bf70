import Faults
package import Foundation
import TensorCore

/// In JSON a configuration is the network's own keys and `architecture`; without `architecture` it is a SegResNet, as
/// plans and model files were written before there were others, and still are.
extension NetworkConfiguration: Codable {
    package enum CodingKeys: String, CodingKey { case architecture }

    package init(from decoder: any Decoder) throws {
        let name = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .architecture)
        description = try (name.map(Self.architecture) ?? .segResNet).description.init(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        if architecture != .segResNet {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(architecture.rawValue, forKey: .architecture)
        }
        try description.encode(to: encoder)
    }

    /// Reads a configuration file that a person or a script wrote: the object itself, or an object that holds it under
    /// `network`.
    ///
    /// Keys that no network has are left aside where they hold a text (a description), and refused otherwise; so is a
    /// norm or an activation described in words, while a single word is its name.
    /// - Parameter architecture: what the person named; nil: as the file says, else SegResNet.
    /// - Throws: `TensorError.invalidConfiguration` naming the key and what was expected.
    package init(json: Data, architecture named: Architecture? = nil) throws {
        guard let document = try? JSONSerialization.jsonObject(with: json) as? [String: Any] else {
            throw TensorError(.invalidConfiguration, "the configuration must be one JSON object")
        }
        guard var network = (document["network"] ?? document) as? [String: Any] else {
            throw TensorError(.invalidConfiguration, "the configuration's key network must hold an object")
        }
        let architecture = try Self.architecture(of: network, named: named)
        network["architecture"] = architecture.rawValue
        for key in ["norm", "act"] {
            if let words = network[key] as? String, words.contains(" ") { network[key] = nil }
        }
        let known = architecture.configurationKeys
        if let unknown = network.keys.filter({ !known.contains($0) && !(network[$0] is String) }).min() {
            throw TensorError(
                .invalidConfiguration,
                "a \(architecture.rawValue) has no key \"\(unknown.prefix(40))\", expected \(known.sorted().joined(separator: ", "))"
            )
        }
        do {
            self = try JSONDecoder().decode(
                NetworkConfiguration.self, from: JSONSerialization.data(withJSONObject: network))
        } catch let error as DecodingError {
            throw TensorError(
                .invalidConfiguration,
                "the \(architecture.rawValue)'s configuration cannot be read: \(Self.defect(error))")
        }
        try validate()
    }

    private static func architecture(of network: [String: Any], named: Architecture?) throws -> Architecture {
        guard let written = network["architecture"] else {
            // Only SegResNet may stay unnamed, and a U-Net's file would fail as one with a misleading reason.
            guard named == nil, network["features"] != nil else { return named ?? .segResNet }
            throw TensorError(
                .invalidConfiguration,
                "the configuration does not say which architecture it is for: name \(Architecture.choices)")
        }
        let found = try architecture((written as? String) ?? "\(written)")
        guard let named, named != found else { return found }
        throw TensorError(
            .invalidConfiguration, "the configuration is for a \(found.rawValue), not for a \(named.rawValue)")
    }

    private static func architecture(_ name: String) throws -> Architecture {
        guard let architecture = Architecture(rawValue: name) else {
            throw TensorError(
                .invalidConfiguration, "architecture must be \(Architecture.choices), got \"\(name.prefix(40))\"")
        }
        return architecture
    }

    private static func defect(_ error: DecodingError) -> String {
        func name(_ path: [any CodingKey]) -> String {
            path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        }
        return switch error {
        case .keyNotFound(let key, _): "the key \(key.stringValue) is missing"
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            "\(name(context.codingPath)) must be \(type == [Int].self ? "a list of whole numbers" : "a whole number")"
        case .dataCorrupted(let context): "\(name(context.codingPath)) must be a whole number in range"
        @unknown default: "a key has a wrong value"
        }
    }
}
