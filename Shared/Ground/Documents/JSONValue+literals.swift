package import Foundation

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByNilLiteral
{
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { (key: $0.0, value: $0.1) })
    }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(stringLiteral value: String) { self = .string(value) }
    package init(nilLiteral: ()) { self = .null }
}

extension JSONValue {
    package init(_ value: String?) { self = value.map { .string($0) } ?? .null }
    package init(_ word: (some RawRepresentable<String>)?) { self.init(word?.rawValue) }
    package init(_ value: Int?) { self = value.map { .integer($0) } ?? .null }
    package init(_ value: Double?) { self = value.map { .number($0) } ?? .null }
    package init(_ value: Bool) { self = .boolean(value) }
    package init(_ value: UUID?) { self = value.map { .string($0.uuidString.lowercased()) } ?? .null }
    /// ISO 8601 in UTC with milliseconds.
    package init(_ value: Date?) {
        self = value.map { .string($0.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))) } ?? .null
    }
    package init(_ values: [JSONValue]) { self = .array(values) }
}

/// Of what Foundation parses: keys sorted, because it does not tell their order.
extension JSONValue: Decodable {
    /// A JSON text as a value; text that is no JSON becomes a string.
    package init(orText text: String) {
        self = (try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))) ?? .string(text)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let values = try? container.decode([JSONValue].self) {
            self = .array(values)
        } else {
            let object = try container.decode([String: JSONValue].self)
            self = .object(object.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) })
        }
    }
}
