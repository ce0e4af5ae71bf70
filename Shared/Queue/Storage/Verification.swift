package import JobEngine

/// The answer to ``ObjectStore/verify(_:)``, which reads every byte of an object again.
package enum Verification: Hashable, Sendable {
    /// The bytes have the digest their address says.
    case intact(byteCount: Int)
    /// The bytes have another digest: the medium or somebody changed them.
    case corrupted(actual: ContentAddress, byteCount: Int)
    case missing
}
