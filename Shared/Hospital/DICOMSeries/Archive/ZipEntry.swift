/// One file of a zip archive, as its central directory says (APPNOTE 4.3.12).
struct ZipEntry: Sendable {
    enum Method: UInt16, Sendable {
        case stored = 0
        case deflated = 8
    }

    var name: [UInt8]
    var method: Method
    var crc32: UInt32
    var compressedSize: Int
    var size: Int
    /// Of the local header, from the start of the archive.
    var headerOffset: Int
    /// The upper half of the external attributes where a Unix wrote the archive: type and permissions.
    var unixMode: UInt16

    var isFolder: Bool { name.last == UInt8(ascii: "/") }

    /// A link, a device, a pipe.
    var isSpecial: Bool { ![0, 0o100000, 0o040000].contains(unixMode & 0o170000) }

    /// Absolute, with a drive, or with a way up. Names are never used as paths here; who writes such names means harm
    /// all the same.
    var leadsOutside: Bool {
        let text = String(decoding: name, as: UTF8.self).replacing("\\", with: "/")
        let isDrive = text.utf8.count > 1 && Array(text.utf8)[1] == UInt8(ascii: ":")
        return text.hasPrefix("/") || isDrive || name.contains(0) || text.split(separator: "/").contains("..")
    }
}
