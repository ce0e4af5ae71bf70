/// One file in a zip archive, as the central directory states it (APPNOTE 4.3.12).
package struct ZipEntry: Sendable {
    package enum Method: UInt16, Sendable {
        case stored = 0
        case deflated = 8
    }

    /// Its path in the archive: relative, with `/`, without `..`. Lossy where it is no UTF-8.
    package let name: String
    package let method: Method
    let checksum: UInt32
    /// Bytes after decompression.
    package let byteCount: Int
    /// Bytes as they lie in the archive.
    let compressedByteCount: Int
    /// Where its local header begins.
    let headerOffset: Int
    /// Of the name as it is written, in bytes.
    let nameByteCount: Int

    /// Where the data end at the earliest.
    var leastEnd: Int { headerOffset + LocalHeader.byteCount + nameByteCount + compressedByteCount }

    enum LocalHeader {
        static let byteCount = 30
        static let signature: UInt32 = 0x0403_4B50
    }
}
