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

    /// - Throws: ``ContractError``: `not-json` with the place of the first byte that does not belong (RFC 8259), or
    ///   `duplicate-member`: a name that stands twice in one object (RFC 7493, section 2.3) may be read either way, so
    ///   nobody knows what was meant.
    init(parsing bytes: [UInt8]) throws(ContractError) {
        var parser = JSONParser(bytes)
        self = try parser.document()
    }
}
