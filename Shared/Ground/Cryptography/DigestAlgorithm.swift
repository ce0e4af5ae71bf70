/// How a file's publisher made its check sum. MD5 and SHA-1 find out damage only: who means ill can make another file of
/// the same sum. What must be what it is called by has `SHA256`.
package enum DigestAlgorithm: String, Sendable, CaseIterable, Codable {
    case sha256
    case sha1
    case md5

    package var title: String {
        switch self {
        case .sha256: "SHA-256"
        case .sha1: "SHA-1"
        case .md5: "MD5"
        }
    }

    package var byteCount: Int {
        switch self {
        case .sha256: 32
        case .sha1: 20
        case .md5: 16
        }
    }

    /// - Parameter feed: hands all bytes, in order, to what it is given.
    /// - Throws: `CryptographyError`, and what `feed` throws.
    package func digest(_ feed: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void) throws -> [UInt8] {
        let digest = try OpenSSL.Digest(self)
        try feed { try digest.update($0) }
        return try digest.finish()
    }
}
