/// A result that is shown as one JSON document, to a person's programs as to whoever calls over a network: keys in
/// snake_case and in the order they are written, null where a value is undefined.
package protocol Documented: Encodable, Sendable {
    var document: JSONValue { get }
}

extension Documented {
    package func encode(to encoder: any Encoder) throws { try document.encode(to: encoder) }
}

extension JSONValue: Encodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// The order of keys is the encoder's; `text` and `line` keep that in which they are written.
    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let pairs):
            var container = encoder.container(keyedBy: Key.self)
            for (key, value) in pairs { try container.encode(value, forKey: Key(stringValue: key)) }
        case .array(let values):
            var container = encoder.unkeyedContainer()
            for value in values { try container.encode(value) }
        default:
            var container = encoder.singleValueContainer()
            switch self {
            case .string(let value): try container.encode(value)
            case .integer(let value): try container.encode(value)
            case .number(let value) where value.isFinite: try container.encode(value)
            case .boolean(let value): try container.encode(value)
            default: try container.encodeNil()
            }
        }
    }
}
