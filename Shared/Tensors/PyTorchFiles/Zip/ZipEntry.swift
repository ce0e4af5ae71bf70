/// One file in a zip archive, as the central directory states it.
package struct ZipEntry: Sendable {
    enum Method: UInt16, Sendable {
        case stored = 0
        case deflated = 8
    }

    /// Its path in the archive: relative, with `/`, without `..`.
    package let name: String
    let method: Method
    let checksum: UInt32
    /// Bytes after decompression.
    package let byteCount: Int
    /// Where its local header begins.
    let headerOffset: Int
    /// Its bytes as they lie in the archive.
    let range: Range<Int>
}
