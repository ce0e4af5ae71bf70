import Cryptography
import Files
import JobEngine

extension StoredObject {
    /// What the bytes from the file's position to its end are as an object.
    init(digesting file: borrowing FileDescriptor) throws {
        do {
            let digest = try SHA256()
            var total = 0
            try file.readToEnd(atOnce: 1 << 20) { bytes in
                try digest.update(bytes)
                total += bytes.count
            }
            self.init(address: ContentAddress(digest: try digest.finish()), byteCount: total)
        } catch let error as CryptographyError {
            throw StorageError(.inputOutput, "storage could not digest a file: \(error)")
        }
    }
}
