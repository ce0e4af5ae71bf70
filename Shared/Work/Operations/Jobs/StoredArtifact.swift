package import Documents
package import JobEngine

/// What a job read or wrote, with the place of its bytes on this machine.
package struct StoredArtifact: Documented {
    package let isInput: Bool
    package let reference: ArtifactReference
    /// Nil when the storage is not reachable from here or does not have them.
    package let path: String?

    package init(_ reference: ArtifactReference, isInput: Bool = false, in system: SystemConnection) {
        self.isInput = isInput
        self.reference = reference
        path = system.path(of: reference.address)
    }

    /// For people: where the bytes are, as well as it is known.
    package var place: String { path ?? reference.address.rawValue }

    package var document: JSONValue {
        [
            "role": JSONValue(reference.role), "address": JSONValue(reference.address),
            "byte_count": JSONValue(reference.byteCount), "media_type": JSONValue(reference.mediaType),
            "path": JSONValue(path),
        ]
    }
}
