import Cryptography
import Faults
package import Foundation

/// The secret from which all pseudonyms and date shifts of one tenant follow. Whoever has it can test guesses of
/// identities.
///
/// Its description shows nothing, so that no log does.
package struct TenantKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    let bytes: [UInt8]

    /// - Parameters:
    ///   - siteSecret: at least 32 bytes that nobody can guess; the same for ever, or the pseudonyms change.
    ///   - tenant: tenants have independent keys.
    /// - Throws: `DeIdentificationError.invalidSecret`.
    package init(siteSecret: [UInt8], tenant: String) throws {
        guard siteSecret.count >= 32, Set(siteSecret).count >= 8 else {
            throw DeIdentificationError(
                .invalidSecret,
                "the site secret must be at least 32 random bytes, got \(siteSecret.count): make one with Scripts/create-secrets"
            )
        }
        bytes = try HKDFSHA256.key(
            from: siteSecret, salt: Array("columna".utf8), purpose: Array("de-identification/\(tenant)".utf8))
    }

    /// From a file's first line.
    package init(secretFile: URL, tenant: String) throws {
        guard let data = try? Data(contentsOf: secretFile) else {
            throw DeIdentificationError(
                .invalidSecret, "the file of the site secret cannot be read: make one with Scripts/create-secrets")
        }
        try self.init(
            siteSecret: Array(data.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }), tenant: tenant)
    }

    package var description: String { "TenantKey" }
    package var debugDescription: String { description }
}
