import Foundation

/// A JSON document of unknown shape, so that a violation can be named by its place.
enum JSONValue: Sendable, Hashable {
    case object([String: JSONValue])
    case array([JSONValue])
    case string(String)
    case boolean(Bool)
    case number(Double)
    case null

    /// What JSON Schema calls it.
    var typeName: String {
        switch self {
        case .object: "object"
        case .array: "array"
        case .string: "string"
        case .boolean: "boolean"
        case .number: "number"
        case .null: "null"
        }
    }

    /// Nil when the bytes are not one JSON document in UTF-8, or nested deeper than Foundation's 512 levels.
    init?(parsing bytes: [UInt8]) {
        guard String(validating: bytes, as: UTF8.self) != nil,
            let value = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        else { return nil }
        self.init(value)
    }

    private init(_ value: Any) {
        self =
            switch value {
            case let object as [String: Any]: .object(object.mapValues { JSONValue($0) })
            case let array as [Any]: .array(array.map { JSONValue($0) })
            case let text as String: .string(text)
            case is NSNull: .null
            // Foundation's true and false are numbers, and 1 and 0 cast to Bool; only the type encoding tells them apart.
            case let number as NSNumber where number.objCType.pointee == CChar(UInt8(ascii: "c")): .boolean(number.boolValue)
            case let number as NSNumber: .number(number.doubleValue)
            default: .null
            }
    }
}
