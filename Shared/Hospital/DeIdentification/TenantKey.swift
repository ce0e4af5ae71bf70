import Cryptography

/// What all pseudonyms and date shifts of one tenant follow from; `SiteSecret` gives it. Whoever has it can test
/// guesses of identities.
///
/// Its description shows nothing, so that no log does.
package struct TenantKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The one pseudonym of a unique identifier: `2.25.` and a UUID of version 8 as a number (PS3.5 B.2, RFC 9562 5.8).
    /// De-identified objects carry it, and the database knows studies, series and instances by it, whatever the
    /// tenant's policy keeps.
    package func pseudonym(of uid: String) throws -> String { "2.25.\(UUIDNumber.number(from: try code("uid", uid)))" }

    /// A keyed code, another one for each purpose.
    func code(_ purpose: String, _ original: String) throws -> [UInt8] {
        try HMACSHA256.code(of: Array("\(purpose)\0\(original)".utf8), key: bytes)
    }

    package var description: String { "TenantKey" }
    package var debugDescription: String { description }
}
