/// A running SHA-256 (FIPS 180-4). One owner; used by one thread at a time.
package struct SHA256: ~Copyable {
    private let digest: OpenSSL.Digest

    package init() throws(CryptographyError) { digest = try OpenSSL.Digest() }

    package func update(_ bytes: UnsafeRawBufferPointer) throws(CryptographyError) { try digest.update(bytes) }

    /// The 32 bytes of the digest of all bytes so far. The digest cannot be used again.
    package consuming func finish() throws(CryptographyError) -> [UInt8] { try digest.finish() }

    /// The 32 bytes of the digest of `bytes`.
    package static func digest(of bytes: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let digest = try SHA256()
        // withUnsafeBytes passes on any error as `any Error`; the pointer is valid within the call, so it is made by
        // hand.
        var failure: CryptographyError?
        bytes.withUnsafeBytes { buffer in
            do throws(CryptographyError) { try digest.update(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
        return try digest.finish()
    }
}
