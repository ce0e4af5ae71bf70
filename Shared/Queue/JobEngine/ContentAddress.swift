/// The name of stored bytes: their SHA-256, written `sha256:` and 64 lower-case hexadecimal digits, in JSON and SQL too.
///
/// The digest's name is part of the address so that another digest can be introduced beside it.
package struct ContentAddress: RawRepresentable, Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    package let rawValue: String

    /// What an address is, for whoever gave something else.
    package static let expectation = "sha256: and 64 lower-case hexadecimal digits"
    private static let prefix = "sha256:"

    /// Nil unless `text` is exactly `sha256:` and 64 lower-case hexadecimal digits.
    package init?(rawValue text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        self.init(hex: text.dropFirst(Self.prefix.count))
    }

    package init?(_ text: String) { self.init(rawValue: text) }

    /// Nil unless `hex` is exactly 64 lower-case hexadecimal digits.
    package init?(hex: some StringProtocol) {
        guard hex.utf8.count == 64, hex.utf8.allSatisfy(Self.isLowerCaseHexadecimal) else { return nil }
        rawValue = Self.prefix + String(hex)
    }

    /// What cannot be read is not shown: errors go to logs.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let address = ContentAddress(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "a content address is \(Self.expectation)")
        }
        self = address
    }

    /// The 64 lower-case hexadecimal digits.
    package var hex: Substring { rawValue.dropFirst(Self.prefix.count) }
    package var description: String { rawValue }

    package static func < (one: ContentAddress, other: ContentAddress) -> Bool { one.rawValue < other.rawValue }

    private static func isLowerCaseHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
