import Cryptography
package import DeIdentification
package import JobEngine
package import Studies

/// Makes what studies, series, instances and results go by in the database. What people choose a series by is another
/// thing: `IdentifierNames`.
package struct ArrivalKeys: Sendable {
    private let secret: SiteSecret?

    /// - Parameter secret: nil where the site file names none; then there is no key for anything.
    package init(_ secret: SiteSecret?) { self.secret = secret }

    /// - Throws: ``SiteError`` where there is no secret.
    package func key(_ uid: String, tenant: Tenant) throws -> ArrivalKey {
        guard let secret else { throw SiteError.withoutSecret("studies are named by keyed pseudonyms of their UIDs") }
        return ArrivalKey(
            keyed: try secret.key(of: tenant.rawValue).pseudonym(of: uid), former: try Self.former(uid, tenant))
    }

    /// 128 bits of SHA-256 as hexadecimal digits. The tenant goes in, so that two tenants' copies of one study have
    /// nothing in common.
    private static func former(_ uid: String, _ tenant: Tenant) throws -> String {
        Hexadecimal.text(try SHA256.digest(of: Array("\(tenant)\0\(uid)".utf8)).prefix(16))
    }
}
