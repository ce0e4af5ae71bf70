// The boundary to OpenSSL: the only file that imports COpenSSL.
import COpenSSL

/// OpenSSL's functions with Swift's types; nothing here outlives its call but the running digest.
enum OpenSSL {
    /// A running digest (EVP_DigestInit(3)). One owner, freed when it goes out of scope; used by one thread at a time.
    struct Digest: ~Copyable {
        private let context: OpaquePointer
        private let algorithm: DigestAlgorithm

        init(_ algorithm: DigestAlgorithm = .sha256) throws(CryptographyError) {
            guard let context = EVP_MD_CTX_new() else { throw .noMemory("a digest") }
            let method =
                switch algorithm {
                case .sha256: EVP_sha256()
                case .sha1: EVP_sha1()
                case .md5: EVP_md5()
                }
            guard EVP_DigestInit_ex(context, method, nil) == 1 else {
                EVP_MD_CTX_free(context)
                throw .refused(algorithm.title)
            }
            self.context = context
            self.algorithm = algorithm
        }

        deinit { EVP_MD_CTX_free(context) }

        func update(_ bytes: UnsafeRawBufferPointer) throws(CryptographyError) {
            guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
                throw .refused("\(algorithm.title) of \(bytes.count) bytes")
            }
        }

        consuming func finish() throws(CryptographyError) -> [UInt8] {
            var digest = [UInt8](repeating: 0, count: algorithm.byteCount)
            guard EVP_DigestFinal_ex(context, &digest, nil) == 1 else {
                throw .refused("the end of a \(algorithm.title)")
            }
            return digest
        }
    }

    /// HMAC(3) with SHA-256: 32 bytes.
    static func hmac(_ message: [UInt8], key: [UInt8]) throws(CryptographyError) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        guard HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, &length) != nil, length == 32
        else {
            throw .refused("HMAC-SHA-256")
        }
        return code
    }

    /// AES-256-GCM (EVP_EncryptInit(3), "AEAD interface"): the ciphertext, as long as the text, and the 16 bytes of the
    /// tag.
    static func encrypt(
        _ text: [UInt8], key: [UInt8], nonce: [UInt8], authenticating data: [UInt8]
    ) throws(CryptographyError) -> (ciphertext: [UInt8], tag: [UInt8]) {
        guard let context = EVP_CIPHER_CTX_new() else { throw .noMemory("a cipher") }
        defer { EVP_CIPHER_CTX_free(context) }
        var ciphertext = [UInt8](repeating: 0, count: text.count)
        var tag = [UInt8](repeating: 0, count: 16)
        var (length, rest): (Int32, Int32) = (0, 0)
        let isSealed =
            EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, nil, nil) == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, Int32(nonce.count), nil) == 1
            && EVP_EncryptInit_ex(context, nil, nil, key, nonce) == 1
            && (data.isEmpty || EVP_EncryptUpdate(context, nil, &rest, data, Int32(data.count)) == 1)
            && (text.isEmpty || EVP_EncryptUpdate(context, &ciphertext, &length, text, Int32(text.count)) == 1)
            // GCM is a stream: nothing is left for the last call to write, but OpenSSL wants a place for it.
            && withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) {
                EVP_EncryptFinal_ex(context, $0.baseAddress, &rest)
            } == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1
        guard isSealed, Int(length) == text.count else { throw .refused("AES-256-GCM") }
        return (ciphertext, tag)
    }

    /// The reverse; nil where the tag does not fit (another key, another nonce, other data, changed bytes).
    static func decrypt(
        _ ciphertext: [UInt8], tag: [UInt8], key: [UInt8], nonce: [UInt8], authenticating data: [UInt8]
    ) throws(CryptographyError) -> [UInt8]? {
        guard let context = EVP_CIPHER_CTX_new() else { throw .noMemory("a cipher") }
        defer { EVP_CIPHER_CTX_free(context) }
        var text = [UInt8](repeating: 0, count: ciphertext.count)
        var tag = tag
        var (length, rest): (Int32, Int32) = (0, 0)
        let isReady =
            EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, nil, nil) == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, Int32(nonce.count), nil) == 1
            && EVP_DecryptInit_ex(context, nil, nil, key, nonce) == 1
            && (data.isEmpty || EVP_DecryptUpdate(context, nil, &rest, data, Int32(data.count)) == 1)
            && (ciphertext.isEmpty
                || EVP_DecryptUpdate(context, &text, &length, ciphertext, Int32(ciphertext.count)) == 1)
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1
        guard isReady, Int(length) == ciphertext.count else { throw .refused("AES-256-GCM") }
        let isGenuine =
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) {
                EVP_DecryptFinal_ex(context, $0.baseAddress, &rest)
            } == 1
        return isGenuine ? text : nil
    }

    /// From the operating system's generator (RAND_bytes(3)).
    static func randomBytes(_ count: Int) throws(CryptographyError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, Int32(count)) == 1 else { throw .refused("\(count) random bytes") }
        return bytes
    }

    /// In time that depends on the length only (CRYPTO_memcmp(3)).
    static func isEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
    }
}
