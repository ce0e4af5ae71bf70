import Cryptography
import Files
package import FoundationEssentials
import Glibc
package import JobEngine

extension ContentAddress {
    /// The address of a digest of 32 bytes.
    init(digest: [UInt8]) {
        precondition(digest.count == 32, "a SHA-256 digest has 32 bytes, got \(digest.count)")
        self.init(hex: Hexadecimal.text(digest))!
    }

    /// The address a file's bytes would have; reads the whole file and blocks.
    package static func ofFile(at url: URL) throws -> ContentAddress {
        try StorageError.wording { try StoredObject(digesting: FileDescriptor(url.path, O_RDONLY)).address }
    }
}
