/// Keyed codes of messages: HMAC with SHA-256 (RFC 2104, FIPS 198-1).
package enum HMACSHA256 {
    /// 32 bytes. A key of any length will do; 32 random bytes are meant.
    package static func code(of message: [UInt8], key: [UInt8]) throws(CryptographyError) -> [UInt8] {
        try OpenSSL.hmac(message, key: key)
    }

    /// Whether `code` is the message's, told in time that does not depend on where it differs.
    package static func isCode(_ code: [UInt8], of message: [UInt8], key: [UInt8]) throws(CryptographyError) -> Bool {
        ConstantTime.isEqual(try self.code(of: message, key: key), code)
    }
}

/// Comparison that tells an attacker who measures nothing but the lengths.
package enum ConstantTime {
    package static func isEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool { OpenSSL.isEqual(one, other) }
}

/// Bytes nobody can foretell, for keys and nonces.
package enum RandomBytes {
    package static func make(_ count: Int) throws(CryptographyError) -> [UInt8] {
        precondition((1...1 << 20).contains(count), "random bytes come 1 to 1048576 at a time, got \(count)")
        return try OpenSSL.randomBytes(count)
    }
}
