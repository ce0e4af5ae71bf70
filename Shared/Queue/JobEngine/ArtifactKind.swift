/// What bytes that travel between jobs are, declared by whoever owns the work: their role, their media type, and how a
/// file of them is called.
package struct ArtifactKind: Hashable, Sendable {
    /// What the artifact is to a job, such as `volume`; unique within a job and direction, but for checkpoints.
    package let role: String
    package let mediaType: String
    /// Of a file, with its dot, so that libraries and viewers know the form; empty: none.
    package let suffix: String

    package init(_ role: String, _ mediaType: String, _ suffix: String) {
        self.role = role
        self.mediaType = mediaType
        self.suffix = suffix
    }

    /// Such as `label-map.nii.gz`.
    package var fileName: String { role + suffix }

    /// What a job that goes on has stored: its next attempt begins there.
    package static let checkpoint = ArtifactKind("checkpoint", "application/vnd.safetensors", ".safetensors")
}
