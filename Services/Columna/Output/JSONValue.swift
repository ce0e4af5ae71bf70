import Foundation

/// What `--json` prints: one document, keys in snake_case and in the order they are written here, null where a value is
/// undefined.
enum JSONValue: Sendable, Equatable {
    case object([(key: String, value: JSONValue)])
    case array([JSONValue])
    case string(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case null

    static func == (left: JSONValue, right: JSONValue) -> Bool { left.text(indent: nil) == right.text(indent: nil) }

    /// Lines and two-space indentation.
    var text: String { text(indent: 0) }

    /// All on one line.
    var line: String { text(indent: nil) }

    private func text(indent: Int?) -> String {
        switch self {
        case .object(let pairs):
            Self.block(
                pairs.map { Self.quoted($0.key) + ": " + $0.value.text(indent: indent.map { $0 + 1 }) }, "{", "}",
                indent)
        case .array(let values) where values.allSatisfy(\.isNumber):
            "[" + values.map { $0.text(indent: nil) }.joined(separator: ", ") + "]"
        case .array(let values):
            Self.block(values.map { $0.text(indent: indent.map { $0 + 1 }) }, "[", "]", indent)
        case .string(let text): Self.quoted(text)
        case .integer(let value): String(value)
        case .number(let value): value.isFinite ? "\(value)" : "null"
        case .boolean(let value): value ? "true" : "false"
        case .null: "null"
        }
    }

    /// Coordinates and sizes read better on one line.
    private var isNumber: Bool {
        switch self {
        case .integer, .number: true
        default: false
        }
    }

    private static func block(_ parts: [String], _ open: String, _ close: String, _ indent: Int?) -> String {
        guard !parts.isEmpty else { return open + close }
        guard let indent else { return open + parts.joined(separator: ", ") + close }
        let inner = String(repeating: "  ", count: indent + 1)
        let outer = String(repeating: "  ", count: indent)
        return open + "\n" + parts.map { inner + $0 }.joined(separator: ",\n") + "\n" + outer + close
    }

    /// RFC 8259, section 7.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20: result += "\\u" + String(format: "%04x", scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByNilLiteral
{
    init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { (key: $0.0, value: $0.1) })
    }
    init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    init(stringLiteral value: String) { self = .string(value) }
    init(nilLiteral: ()) { self = .null }
}

extension JSONValue {
    init(_ value: String?) { self = value.map { .string($0) } ?? .null }
    init(_ value: Int?) { self = value.map { .integer($0) } ?? .null }
    init(_ value: Double?) { self = value.map { .number($0) } ?? .null }
    init(_ value: Bool) { self = .boolean(value) }
    init(_ value: UUID?) { self = value.map { .string($0.uuidString.lowercased()) } ?? .null }
    /// ISO 8601 in UTC with milliseconds.
    init(_ value: Date?) {
        self = value.map { .string($0.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))) } ?? .null
    }
    init(_ values: [JSONValue]) { self = .array(values) }

    /// A JSON text as a value, keys sorted; text that is no JSON becomes a string.
    init(parsing text: String) {
        self = (try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))) ?? .string(text)
    }
}

extension JSONValue: Decodable {
    init(from decoder: any Decoder) throws {
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
