/// Bytes that a job reads or wrote: where they are, how many, and what they are to that job.
package struct ArtifactReference: Sendable, Codable, Equatable {
    /// Of its ``ArtifactKind``.
    package var role: String
    package var address: ContentAddress
    package var byteCount: Int
    package var mediaType: String

    package init(role: String, address: ContentAddress, byteCount: Int, mediaType: String) {
        self.role = role
        self.address = address
        self.byteCount = byteCount
        self.mediaType = mediaType
    }

    package init(_ kind: ArtifactKind, address: ContentAddress, byteCount: Int) {
        self.init(role: kind.role, address: address, byteCount: byteCount, mediaType: kind.mediaType)
    }
}

extension Sequence<ArtifactReference> {
    package func first(of kind: ArtifactKind) -> ArtifactReference? { first { $0.role == kind.role } }
}
