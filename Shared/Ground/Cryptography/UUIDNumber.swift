/// UUIDs as numbers, for DICOM's unique identifiers below 2.25 (PS3.5, B.2).
package enum UUIDNumber {
    /// The first 16 bytes of a digest as a UUID of version 8 (RFC 9562, 5.8): 122 bits of it.
    package static func number(from digest: [UInt8]) -> UInt128 {
        precondition(digest.count >= 16, "a UUID needs 16 bytes, got \(digest.count)")
        let bits = digest.prefix(16).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        let version = UInt128(0xf000) << 64
        let variant = UInt128(0b11) << 62
        return bits & ~version & ~variant | UInt128(0x8000) << 64 | UInt128(0b10) << 62
    }
}
