package import JobEngine

/// What a store answers when it has taken an object: where the bytes are, and how many.
package struct StoredObject: Hashable, Sendable, Codable {
    package let address: ContentAddress
    package let byteCount: Int

    package init(address: ContentAddress, byteCount: Int) {
        self.address = address
        self.byteCount = byteCount
    }
}

extension ArtifactReference {
    package init(_ kind: ArtifactKind, _ stored: StoredObject) {
        self.init(kind, address: stored.address, byteCount: stored.byteCount)
    }
}
