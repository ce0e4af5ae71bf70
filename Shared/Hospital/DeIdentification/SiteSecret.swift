import Cryptography
import Faults
package import Foundation

/// What the keys of all tenants of a site follow from. It must stay the same for ever, or the pseudonyms change.
///
/// Its description shows nothing, so that no log does.
package struct SiteSecret: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    private let bytes: [UInt8]

    /// - Parameter bytes: at least 32 that nobody can guess.
    /// - Throws: `DeIdentificationError.invalidSecret`.
    package init(_ bytes: [UInt8]) throws {
        guard bytes.count >= 32, Set(bytes).count >= 8 else {
            throw DeIdentificationError(
                .invalidSecret,
                "the site secret must be at least 32 random bytes, got \(bytes.count): make one with Scripts/create-secrets"
            )
        }
        self.bytes = bytes
    }

    /// From a file's first line.
    package init(file: URL) throws {
        guard let data = try? Data(contentsOf: file) else {
            throw DeIdentificationError(
                .invalidSecret, "the file of the site secret cannot be read: make one with Scripts/create-secrets")
        }
        try self.init(Array(data.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }))
    }

    /// Tenants have independent keys.
    package func key(of tenant: String) throws -> TenantKey {
        TenantKey(
            try HKDFSHA256.key(
                from: bytes, salt: Array("columna".utf8), purpose: Array("de-identification/\(tenant)".utf8)))
    }

    package var description: String { "SiteSecret" }
    package var debugDescription: String { description }
}
