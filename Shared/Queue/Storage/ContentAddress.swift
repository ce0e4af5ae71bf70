import Cryptography
import Files
package import FoundationEssentials
import Glibc

/// The name of an object: the SHA-256 of its bytes, written `sha256:` and 64 lower-case hexadecimal digits.
///
/// The digest's name is part of the address so that another digest can be introduced beside it.
package struct ContentAddress: Hashable, Sendable, CustomStringConvertible {
    /// The 64 lower-case hexadecimal digits.
    package let hex: String

    static let prefix = "sha256:"

    /// Nil unless `description` is exactly `sha256:` and 64 lower-case hexadecimal digits.
    package init?(_ description: String) {
        guard description.hasPrefix(Self.prefix) else { return nil }
        self.init(hex: String(description.dropFirst(Self.prefix.count)))
    }

    /// Nil unless `hex` is exactly 64 lower-case hexadecimal digits.
    package init?(hex: String) {
        guard hex.utf8.count == 64, hex.utf8.allSatisfy(Self.isLowerCaseHexadecimal) else { return nil }
        self.hex = hex
    }

    /// The address of a digest of 32 bytes.
    init(digest: [UInt8]) {
        precondition(digest.count == 32, "a SHA-256 digest has 32 bytes, got \(digest.count)")
        hex = Hexadecimal.text(digest)
    }

    package var description: String { Self.prefix + hex }

    private static func isLowerCaseHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

extension ContentAddress: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let address = ContentAddress(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "a content address is sha256: and 64 lower-case hexadecimal digits")
        }
        self = address
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension ContentAddress {
    /// The address a file's bytes would have; reads the whole file and blocks.
    package static func ofFile(at url: URL) throws -> ContentAddress {
        try StorageError.wording { try StoredObject(digesting: FileDescriptor(url.path, O_RDONLY)).address }
    }
}
