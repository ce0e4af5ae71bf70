/// Statements on the originals of pseudonyms. Bytes travel as hexadecimal digits.
enum CustodyStatements {
    /// Tenant, pseudonyms, kinds, key id, nonces, ciphertexts, tags, digests, now.
    static let recordIdentities = Statement(
        "record_identities",
        """
        SELECT custody.record_identities($1, $2, $3, $4, $5, $6, $7, $8, $9) AS added
        """)

    /// For the transaction only: reading is the custodian's, not the worker's.
    static let becomeCustodian = Statement(
        "become_custodian",
        """
        SET LOCAL ROLE columna_custodian
        """)

    /// Tenant, pseudonyms, digests of originals, actor, purpose, now.
    static let openIdentities = Statement(
        "open_identities",
        """
        SELECT pseudonym, kind, key_id, nonce, ciphertext, tag
        FROM custody.open_identities($1, $2, $3, $4, $5, $6)
        """)
}
