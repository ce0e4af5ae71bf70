/// Bytes that a job reads or wrote: where they are, how many, and what they are to that job.
package struct ArtifactReference: Sendable, Codable, Equatable {
    /// Of its ``ArtifactKind``.
    package var role: String
    /// Content address, `sha256:<64 hex digits>`.
    package var address: String
    package var byteCount: Int
    package var mediaType: String

    package init(role: String, address: String, byteCount: Int, mediaType: String) {
        self.role = role
        self.address = address
        self.byteCount = byteCount
        self.mediaType = mediaType
    }

    package init(_ kind: ArtifactKind, address: String, byteCount: Int) {
        self.init(role: kind.role, address: address, byteCount: byteCount, mediaType: kind.mediaType)
    }
}

extension Sequence<ArtifactReference> {
    package func first(of kind: ArtifactKind) -> ArtifactReference? { first { $0.role == kind.role } }
}
