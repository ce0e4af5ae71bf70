import Cryptography
import Foundation
package import JobEngine
package import Persistence

/// Keeps what pseudonyms stand for. Originals are sealed before they leave this process, each for its tenant, kind and
/// pseudonym, so a row that is moved elsewhere does not open.
package final class PostgresCustody: Sendable {
    private let pool: PostgresPool
    private let keys: CustodyKeys
    private let actor: String

    /// - Parameter actor: who asks, for the audit: a worker's id or an operator's name.
    package init(pool: PostgresPool, keys: CustodyKeys, actor: String) {
        self.pool = pool
        self.keys = keys
        self.actor = actor
    }

    /// Adds the entries; repeating it changes nothing. The database role needs `columna_recorder`.
    ///
    /// - Throws: `PostgresError`, `CryptographyError`.
    package func record(tenant: Tenant, _ entries: [CustodyEntry]) async throws {
        // One row a pseudonym: an identifier may occur as several kinds, and the first counts.
        var seen: Set<String> = []
        let distinct = entries.filter { !$0.original.isEmpty && seen.insert($0.pseudonym).inserted }
        for start in stride(from: 0, to: distinct.count, by: Self.batch) {
            let part = distinct[start..<min(start + Self.batch, distinct.count)]
            let boxes = try part.map {
                try AESGCM.seal(
                    Array($0.original.utf8), key: keys.current.sealing,
                    context: Self.context(tenant, $0.kind, $0.pseudonym))
            }
            let digests = try part.map { try Self.digest(tenant, $0.original, keys.current) }
            _ = try await pool.run(
                CustodyStatements.recordIdentities(
                    .text(tenant), .texts(part.map(\.pseudonym)), .texts(part.map(\.kind)), .text(keys.current.id),
                    .texts(boxes.map { Hexadecimal.text($0.nonce) }),
                    .texts(boxes.map { Hexadecimal.text($0.ciphertext) }),
                    .texts(boxes.map { Hexadecimal.text($0.tag) }), .texts(digests)))
        }
    }

    /// The originals of those pseudonyms that are known, in the order of the pseudonyms. Every call is written down
    /// with its purpose. The database role needs `columna_custodian`.
    ///
    /// - Throws: `PostgresError` (SQLSTATE 42501 without the role; `unexpected-result` where a row's key is not in the
    ///   key file); `CryptographyError` (`notGenuine` where a row was tampered with).
    package func originals(tenant: Tenant, pseudonyms: [String], purpose: String) async throws -> [CustodyEntry] {
        try await open(tenant, pseudonyms: pseudonyms, digests: [], purpose)
    }

    /// The pseudonyms of those originals that are known: which objects are a patient's. Written down likewise.
    package func pseudonyms(tenant: Tenant, originals: [String], purpose: String) async throws -> [CustodyEntry] {
        let digests = try originals.flatMap { original in try keys.keys.map { try Self.digest(tenant, original, $0) } }
        return try await open(tenant, pseudonyms: [], digests: digests, purpose)
    }

    private func open(_ tenant: Tenant, pseudonyms: [String], digests: [String], _ purpose: String) async throws
        -> [CustodyEntry]
    {
        // A role for one transaction needs an open one, or PostgreSQL warns of it on every worker's error output.
        let queries = [
            CustodyStatements.becomeCustodian(),
            CustodyStatements.openIdentities(
                .text(tenant), .texts(pseudonyms), .texts(digests), .text(actor), .text(purpose)),
        ]
        return try await pool.transaction(first: queries) { _, rows in
            try rows[1].map { try entry($0, tenant: tenant) }
        }
    }

    private func entry(_ row: PostgresRow, tenant: Tenant) throws -> CustodyEntry {
        let (kind, pseudonym, id) = (try row.string("kind"), try row.string("pseudonym"), try row.string("key_id"))
        guard let key = keys.key(id) else {
            throw PostgresError(
                code: .unexpectedResult,
                message:
                    "an original was sealed with the custody key '\(id)', which the key file lacks: put it back below the others"
            )
        }
        func bytes(_ column: String) throws -> [UInt8] { Hexadecimal.bytes(try row.string(column)) ?? [] }
        let box = try AESGCM.SealedBox(nonce: bytes("nonce"), ciphertext: bytes("ciphertext"), tag: bytes("tag"))
        let text = try AESGCM.open(box, key: key.sealing, context: Self.context(tenant, kind, pseudonym))
        return CustodyEntry(kind: kind, pseudonym: pseudonym, original: String(decoding: text, as: UTF8.self))
    }

    private static func context(_ tenant: Tenant, _ kind: String, _ pseudonym: String) -> [UInt8] {
        Array("\(tenant)\0\(kind)\0\(pseudonym)".utf8)
    }

    private static func digest(_ tenant: Tenant, _ original: String, _ key: CustodyKeys.Key) throws -> String {
        Hexadecimal.text(try HMACSHA256.code(of: Array("\(tenant)\0\(original)".utf8), key: key.digesting))
    }

    /// Rows a statement: some 3 MB.
    private static let batch = 5000
}
