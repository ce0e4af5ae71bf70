import Faults

/// Secrecy and integrity of short texts at rest: AES-256-GCM (NIST SP 800-38D).
package enum AESGCM {
    package static let keyByteCount = 32
    /// Random nonces of 96 bits are safe for 2³² texts under one key (SP 800-38D, 8.3).
    package static let nonceByteCount = 12
    package static let tagByteCount = 16

    /// A text that only the key's owner can read, and cannot be moved to another place unnoticed.
    package struct SealedBox: Sendable, Hashable {
        package let nonce: [UInt8]
        package let ciphertext: [UInt8]
        package let tag: [UInt8]

        /// - Throws: `malformed` when nonce or tag have another length than this cipher's.
        package init(nonce: [UInt8], ciphertext: [UInt8], tag: [UInt8]) throws(CryptographyError) {
            guard nonce.count == nonceByteCount, tag.count == tagByteCount else {
                throw CryptographyError(
                    .malformed,
                    "a sealed text has a nonce of 12 and a tag of 16 bytes, got \(nonce.count) and \(tag.count)")
            }
            (self.nonce, self.ciphertext, self.tag) = (nonce, ciphertext, tag)
        }
    }

    /// - Parameters:
    ///   - nonce: never the same twice under one key; random when left out.
    ///   - context: what the text belongs to. Not stored; opening needs the same.
    /// - Throws: `invalidKey`, `malformed`, `libraryFailed`.
    package static func seal(
        _ text: [UInt8], key: [UInt8], nonce: [UInt8]? = nil, context: [UInt8] = []
    ) throws(CryptographyError) -> SealedBox {
        try require(key)
        let nonce = if let nonce { nonce } else { try RandomBytes.make(nonceByteCount) }
        let (ciphertext, tag) = try OpenSSL.encrypt(text, key: key, nonce: nonce, authenticating: context)
        return try SealedBox(nonce: nonce, ciphertext: ciphertext, tag: tag)
    }

    /// - Throws: `notGenuine` when key, context or bytes are not those of the sealing; `invalidKey`, `libraryFailed`.
    package static func open(_ box: SealedBox, key: [UInt8], context: [UInt8] = []) throws(CryptographyError) -> [UInt8]
    {
        try require(key)
        let text = try OpenSSL.decrypt(
            box.ciphertext, tag: box.tag, key: key, nonce: box.nonce, authenticating: context)
        guard let text else {
            throw CryptographyError(
                .notGenuine,
                "a sealed text does not open: it was changed, or sealed with another key or for another place")
        }
        return text
    }

    private static func require(_ key: [UInt8]) throws(CryptographyError) {
        guard key.count == keyByteCount else {
            throw CryptographyError(.invalidKey, "a key of AES-256 has 32 bytes, got \(key.count)")
        }
    }
}
