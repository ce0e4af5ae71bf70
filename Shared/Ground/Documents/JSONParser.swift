/// Why bytes are no JSON document, or none that everybody reads alike.
package enum JSONFault: Error, Equatable {
    case notUTF8
    /// The first byte that does not belong, and what would (RFC 8259).
    case unexpected(_ expected: String, at: Int)
    /// Nested deeper than `JSONValue.deepestNesting`.
    case tooDeep
    /// A name that stands twice in one object (RFC 7493, section 2.3): which of the values is meant nobody knows.
    /// `in` is the way to the object.
    case duplicate(_ name: String, in: [Step])

    /// From a value to one in it.
    package enum Step: Equatable, Sendable {
        case member(String)
        case element(Int)
    }
}

extension JSONValue {
    /// Deeper documents are a sender's trick or mistake, and no stack is worth them.
    package static let deepestNesting = 64

    package init(parsing bytes: [UInt8]) throws(JSONFault) {
        var parser = JSONParser(bytes)
        self = try parser.document()
    }
}

/// Reads one JSON document (RFC 8259) in UTF-8 strictly. Unlike Foundation's it sees a member that stands twice, and
/// says where the text ends to be JSON.
private struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private var path: [JSONFault.Step] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSONFault) -> JSONValue {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
        // RFC 8259, section 8.1: a reader may ignore a byte order mark.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw unexpected("the end") }
        return value
    }

    private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
        guard depth <= JSONValue.deepestNesting else { throw .tooDeep }
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return .object(try members(depth: depth))
        case UInt8(ascii: "["): return .array(try elements(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func members(depth: Int) throws(JSONFault) -> [(key: String, value: JSONValue)] {
        position += 1
        var members: [(key: String, value: JSONValue)] = []
        var names: Set<String> = []
        skipSpace()
        if take("}") { return members }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw unexpected("a member's name") }
            let name = try string()
            skipSpace()
            guard take(":") else { throw unexpected("a colon") }
            path.append(.member(name))
            members.append((name, try value(depth: depth + 1)))
            path.removeLast()
            guard names.insert(name).inserted else { throw .duplicate(name, in: path) }
            skipSpace()
        } while take(",")
        guard take("}") else { throw unexpected("a comma or a closing brace") }
        return members
    }

    private mutating func elements(depth: Int) throws(JSONFault) -> [JSONValue] {
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take("]") { return elements }
        repeat {
            path.append(.element(elements.count))
            elements.append(try value(depth: depth + 1))
            path.removeLast()
            skipSpace()
        } while take(",")
        guard take("]") else { throw unexpected("a comma or a closing bracket") }
        return elements
    }

    // MARK: Scalars

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw unexpected("a value") }
        position += word.utf8.count
        return value
    }

    private mutating func number() throws(JSONFault) -> JSONValue {
        let start = position
        _ = take("-")
        guard take("0") || digits() else { throw unexpected("a value") }
        if take(".") { guard digits() else { throw unexpected("a digit") } }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            guard digits() else { throw unexpected("a digit") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let integer = Int(text) { return .integer(integer) }
        // RFC 7493, section 2.2: what is beyond a double's range nobody reads alike.
        guard let value = Double(text), value.isFinite else {
            throw unexpected("a number within the range of a double")
        }
        return .number(value)
    }

    private mutating func digits() -> Bool {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position > start
    }

    private mutating func string() throws(JSONFault) -> String {
        position += 1
        var text = ""
        var start = position
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                text += String(decoding: bytes[start..<position], as: UTF8.self)
                position += 1
                return text
            case UInt8(ascii: "\\"):
                text += String(decoding: bytes[start..<position], as: UTF8.self)
                text.unicodeScalars.append(try escaped())
                start = position
            case 0..<0x20: throw unexpected("no control character within a string")
            default: position += 1
            }
        }
        throw unexpected("a closing quotation mark")
    }

    private mutating func escaped() throws(JSONFault) -> Unicode.Scalar {
        position += 1
        guard let byte = peek else { throw unexpected("an escaped character") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw unexpected("an escape of JSON")
        }
    }

    /// A code unit of UTF-16, or two that are a pair. Half a pair is no character.
    private mutating func unicodeEscape() throws(JSONFault) -> Unicode.Scalar {
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(first), take("\\"), take("u") else {
            throw unexpected("the other half of a surrogate pair")
        }
        let second = try codeUnit()
        guard UTF16.isTrailSurrogate(second) else { throw unexpected("the other half of a surrogate pair") }
        let value = 0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF))
        guard let scalar = Unicode.Scalar(value) else { throw unexpected("a character") }
        return scalar
    }

    private mutating func codeUnit() throws(JSONFault) -> UInt16 {
        guard position + 4 <= bytes.count,
            bytes[position..<position + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw unexpected("four hexadecimal digits") }
        position += 4
        return unit
    }

    // MARK: Bytes

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private func unexpected(_ expected: String) -> JSONFault { .unexpected(expected, at: position) }
}
