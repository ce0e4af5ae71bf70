import Cryptography
import Documents
import Foundation
import JobEngine

/// Ids that follow from what they name, so that the same wish is the same thing.
enum DerivedID {
    /// The SHA-256 of the value's canonical JSON as a UUID of version 8 (RFC 9562, 5.8).
    static func of(_ value: some Encodable) throws -> UUID {
        let digest = try SHA256.digest(of: Array(try CanonicalJSON.string(value).utf8))
        let number = UUIDNumber.number(from: digest)
        let bytes = (0..<16).map { UInt8(truncatingIfNeeded: number >> (8 * (15 - $0))) }
        return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
