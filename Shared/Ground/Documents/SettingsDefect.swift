package import Foundation

/// Why settings that a person wrote as JSON cannot be read: names the key and what was expected there.
package struct SettingsDefect: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    /// A decoder's error in the house's words, without the bytes.
    package init(_ error: DecodingError) {
        switch error {
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            description = "\(Self.name(context.codingPath)) must be \(Self.expectation(type))"
        case .keyNotFound(let key, let context):
            description = "\(Self.name(context.codingPath + [key])) is missing"
        case .dataCorrupted:
            description = "it is not JSON: check its commas, quotes and brackets"
        @unknown default:
            description = "it cannot be read"
        }
    }

    /// Foundation takes one of two members of the same name, and which one was meant nobody knows.
    package static func refuseDuplicates(in json: Data) throws(SettingsDefect) {
        do throws(JSONFault) { _ = try JSONValue(parsing: [UInt8](json)) } catch {
            guard case .duplicate(let name, let path) = error else { return }
            let place = path.reduce("") { place, step in
                switch step {
                case .member(let name): place.isEmpty ? name : "\(place).\(name)"
                case .element(let index): "\(place)[\(index)]"
                }
            }
            let key = (place.isEmpty ? name : "\(place).\(name)").prefix(80)
            throw SettingsDefect("the key \"\(key)\" is there twice, expected each key once")
        }
    }

    /// `network.blocks_down[1]`.
    package static func name(_ path: [any CodingKey]) -> String {
        guard !path.isEmpty else { return "it" }
        return path.reduce("") { name, key in
            if let index = key.intValue { return "\(name)[\(index)]" }
            return name.isEmpty ? key.stringValue : "\(name).\(key.stringValue)"
        }
    }

    private static func expectation(_ type: any Any.Type) -> String {
        switch type {
        case is Int.Type, is UInt64.Type: "a whole number"
        case is Double.Type: "a number"
        case is String.Type: "a text in quotes"
        case is [Any].Type: "a list in brackets"
        default: "an object in braces"
        }
    }
}
