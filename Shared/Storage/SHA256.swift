// The boundary to OpenSSL: the only file that imports COpenSSL.
import COpenSSL

/// A running SHA-256 (EVP_DigestInit(3)). One owner, freed when it goes out of scope; used by one thread at a time.
struct SHA256: ~Copyable {
    private let context: OpaquePointer

    init() throws(StorageError) {
        guard let context = EVP_MD_CTX_new() else {
            throw StorageError(.inputOutput, "openssl has no memory for a digest: free memory on this machine")
        }
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw StorageError(.inputOutput, "openssl refuses SHA-256: check the providers in openssl.cnf")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    func update(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
            throw StorageError(.inputOutput, "openssl failed to update a SHA-256 with \(bytes.count) bytes")
        }
    }

    /// The digest of all bytes so far. The digest cannot be used again.
    consuming func finish() throws(StorageError) -> ContentAddress {
        var digest = [UInt8](repeating: 0, count: 32)
        guard EVP_DigestFinal_ex(context, &digest, nil) == 1 else {
            throw StorageError(.inputOutput, "openssl failed to finish a SHA-256")
        }
        return ContentAddress(digest: digest)
    }
}
