/// Bytes that a job reads or wrote: where they are, how many, and what they are to that job.
package struct ArtifactReference: Sendable, Codable, Equatable {
    /// What the artifact is to the job, such as `volume`, `label`, `checkpoint`; unique within a job and direction, but
    /// for checkpoints.
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

    /// The role of what a job that goes on has stored: its next attempt begins there.
    package static let checkpointRole = "checkpoint"
}
