import Faults

/// The JSON header of a safetensors file, read strictly: `{"name": {"dtype", "shape", "data_offsets"}, "__metadata__":
/// {…}}`.
///
/// Written by hand because a general JSON reader hides what must be refused here: duplicate names and numbers that are
/// no integers.
struct SafetensorsHeader {
    struct Entry {
        let name: String
        let type: String
        let shape: [Int]
        let offsets: Range<Int>
    }

    private(set) var entries: [Entry] = []
    private(set) var metadata: [String: String] = [:]

    init(json bytes: UnsafeRawBufferPointer) throws {
        var scanner = JSONScanner(bytes)
        var seen: Set<String> = []
        try scanner.object { scanner, name in
            // Errors tell it, and they go into logs.
            guard name.utf8.count <= Self.longestName else {
                throw TensorError(
                    .malformedFile,
                    "a tensor's name has \(name.utf8.count) bytes, at most \(Self.longestName) are expected")
            }
            guard seen.insert(name).inserted else {
                throw TensorError(.malformedFile, "the header names the tensor \(name) twice")
            }
            if name == "__metadata__" {
                try scanner.object { scanner, key in metadata[key] = try scanner.string() }
            } else {
                entries.append(try Self.entry(name, &scanner))
            }
        }
        try scanner.end()
    }

    /// Bytes of UTF-8, and axes: far more than any network has.
    private static let (longestName, mostAxes) = (1024, 16)

    private static func entry(_ name: String, _ scanner: inout JSONScanner) throws -> Entry {
        var type: String?
        var shape: [Int]?
        var offsets: [Int]?
        try scanner.object { scanner, key in
            switch key {
            case "dtype": type = try scanner.string()
            case "shape": shape = try scanner.integers()
            case "data_offsets": offsets = try scanner.integers()
            default: throw TensorError(.malformedFile, "the tensor \(name) has the unknown field \(key.prefix(40))")
            }
        }
        guard let type, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
            throw TensorError(.malformedFile, "the tensor \(name) must state dtype, shape and two rising data_offsets")
        }
        guard shape.count <= mostAxes else {
            throw TensorError(
                .malformedFile, "the tensor \(name) has \(shape.count) axes, at most \(mostAxes) are expected")
        }
        return Entry(name: name, type: type, shape: shape, offsets: offsets[0]..<offsets[1])
    }
}

/// As much of JSON as the header uses: objects, strings, arrays of non-negative integers.
private struct JSONScanner {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func object(_ member: (inout JSONScanner, String) throws -> Void) throws {
        try expect("{")
        if take("}") { return }
        repeat {
            let key = try string()
            try expect(":")
            try member(&self, key)
        } while take(",")
        try expect("}")
    }

    mutating func integers() throws -> [Int] {
        var values: [Int] = []
        try expect("[")
        if take("]") { return values }
        repeat { values.append(try integer()) } while take(",")
        try expect("]")
        return values
    }

    private mutating func integer() throws -> Int {
        skipSpace()
        let start = position
        var value = 0
        while position < bytes.count, case let digit = Int(bytes[position]) - 48, (0...9).contains(digit) {
            guard value < 1 << 58 else { throw malformed("a number is too large") }
            value = value * 10 + digit
            position += 1
        }
        guard position > start else { throw malformed("a non-negative integer is expected") }
        return value
    }

    mutating func string() throws -> String {
        try expect("\"")
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw malformed("a string is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): text.append(contentsOf: try escape())
            case 0..<32: throw malformed("a string holds a control character")
            default: text.append(byte)
            }
        }
        throw malformed("a string does not end")
    }

    private mutating func escape() throws -> [UInt8] {
        guard position < bytes.count else { throw malformed("a string does not end") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw malformed("a string holds an unknown escape")
        }
    }

    private mutating func unicodeEscape() throws -> [UInt8] {
        var units = [try hexadecimalUnit()]
        if UTF16.isLeadSurrogate(units[0]), position + 1 < bytes.count,
            bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
        {
            position += 2
            units.append(try hexadecimalUnit())
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw malformed("an escape is no character") }
        return Array(text.utf8)
    }

    private mutating func hexadecimalUnit() throws -> UInt16 {
        guard position + 4 <= bytes.count,
            let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw malformed("an escape needs four hexadecimal digits") }
        position += 4
        return unit
    }

    /// Nothing but the padding that writers add may follow.
    mutating func end() throws {
        skipSpace()
        if position != bytes.count { throw malformed("something follows the end") }
    }

    private mutating func expect(_ character: Unicode.Scalar) throws {
        if !take(character) { throw malformed("'\(character)' is expected") }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count, [32, 9, 10, 13].contains(bytes[position]) { position += 1 }
    }

    private func malformed(_ what: String) -> TensorError {
        TensorError(
            .malformedFile,
            "not a safetensors file: the header is not the JSON of safetensors: \(what) at byte \(position)")
    }
}
