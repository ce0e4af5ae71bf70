import Persistence

/// Statements on the originals of pseudonyms. Bytes travel as hexadecimal digits.
///
/// Times are the server's own: who is only a recorder or a custodian may not look into `columna`, where `columna.now()`
/// is.
enum CustodyStatements {
    /// Tenant, pseudonyms, kinds, key id, nonces, ciphertexts, tags, digests.
    static let recordIdentities = Statement(
        "record_identities",
        """
        SELECT custody.record_identities($1, $2, $3, $4, $5, $6, $7, $8, statement_timestamp()) AS added
        """)

    /// For the transaction only: reading is the custodian's, not the worker's.
    static let becomeCustodian = Statement(
        "become_custodian",
        """
        SET LOCAL ROLE columna_custodian
        """)

    /// Tenant, pseudonyms, digests of originals, actor, purpose.
    static let openIdentities = Statement(
        "open_identities",
        """
        SELECT pseudonym, kind, key_id, nonce, ciphertext, tag
        FROM custody.open_identities($1, $2, $3, $4, $5, statement_timestamp())
        """)
}
