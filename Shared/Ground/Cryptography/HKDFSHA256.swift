/// Keys from a secret: HKDF with SHA-256 (RFC 5869).
package enum HKDFSHA256 {
    /// - Parameters:
    ///   - secret: the input keying material; must have enough entropy, however it is spread.
    ///   - salt: not secret; empty is allowed.
    ///   - purpose: RFC 5869's `info`. Different purposes give independent keys.
    ///   - count: bytes wanted, 1…8160.
    package static func key(from secret: [UInt8], salt: [UInt8], purpose: [UInt8], count: Int = 32)
        throws(CryptographyError) -> [UInt8]
    {
        precondition((1...255 * 32).contains(count), "HKDF with SHA-256 gives 1 to 8160 bytes, got \(count)")
        // RFC 5869, 2.2: no salt means one of 32 zeros, which HMAC pads an empty key with anyhow.
        let extracted = try HMACSHA256.code(of: secret, key: salt)
        var (output, block): ([UInt8], [UInt8]) = ([], [])
        var counter: UInt8 = 1
        while output.count < count {
            block = try HMACSHA256.code(of: block + purpose + [counter], key: extracted)
            output += block
            counter &+= 1
        }
        return Array(output.prefix(count))
    }
}
