import Cryptography
import JobEngine

/// Names for studies, series and instances that may stand in the database: hashes, so that a UID can be recognised but
/// not read.
///
/// Without the site's key, so that who guesses a UID can test it: a late slice and a repeated delivery must find the
/// rows of former versions. What people are shown goes by `IdentifierNames`.
struct ArrivalKeys {
    let tenant: Tenant

    /// 128 bits of SHA-256 as hexadecimal digits. The tenant goes in, so that two tenants' copies of one study have
    /// nothing in common.
    func key(_ uid: String) throws -> String {
        let digest = try SHA256.digest(of: Array("\(tenant)\0\(uid)".utf8))
        return Hexadecimal.text(digest.prefix(16))
    }
}
