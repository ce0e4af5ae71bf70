import Cryptography
import Documents
import Foundation
import JobEngine

/// An id that follows from what it names, so that the same wish is the same thing.
struct DerivedID: UniqueID {
    let uuid: UUID

    init(_ uuid: UUID) { self.uuid = uuid }

    /// The SHA-256 of the value's canonical JSON as a UUID of version 8 (RFC 9562, 5.8).
    init(of value: some Encodable) throws {
        let digest = try SHA256.digest(of: Array(try CanonicalJSON.string(value).utf8))
        let number = UUIDNumber.number(from: digest)
        let bytes = (0..<16).map { UInt8(truncatingIfNeeded: number >> (8 * (15 - $0))) }
        uuid = bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
