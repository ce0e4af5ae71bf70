import Foundation

/// The central directory of a zip archive (APPNOTE 4.3), with Zip64, checked before anything is extracted.
struct ZipDirectory {
    let entries: [ZipEntry]

    private static let mostEntries = 200_000
    private static let largestDirectory = 256 << 20
    private static let endSignature: UInt32 = 0x0605_4b50
    private static let end64Signature: UInt32 = 0x0606_4b50
    private static let locatorSignature: UInt32 = 0x0706_4b50
    private static let entrySignature: UInt32 = 0x0201_4b50

    /// - Throws: `DICOMError.badArchive`.
    init(_ archive: ArchiveFile) throws(DICOMError) {
        let place = try ZipDirectory.find(archive)
        guard place.count <= ZipDirectory.mostEntries, place.size <= ZipDirectory.largestDirectory else {
            throw ZipDirectory.refused("\(place.count) files, expected at most \(ZipDirectory.mostEntries)")
        }
        guard let reader = archive.bytes(at: place.offset, count: place.size) else {
            throw ZipDirectory.refused("its central directory lies outside of it")
        }
        var entries: [ZipEntry] = []
        var offset = place.offset
        for _ in 0..<place.count { entries.append(try ZipDirectory.entry(reader, at: &offset)) }
        try ZipDirectory.check(entries, archiveSize: archive.size)
        self.entries = entries
    }

    static func refused(_ fact: String) -> DICOMError {
        DICOMError(.badArchive, "zip archive is refused: \(fact); send the study as files or in a plain zip archive")
    }

    private typealias Place = (offset: Int, size: Int, count: Int)

    /// The end record is the last thing in the file but for a comment of up to 64 KB; those of Zip64 are before it.
    private static func find(_ archive: ArchiveFile) throws(DICOMError) -> Place {
        let length = min(archive.size, 22 + 65535 + 20 + 56)
        guard let reader = archive.bytes(at: archive.size - length, count: length),
            let end = stride(from: reader.end - 22, through: reader.start, by: -1).first(where: {
                reader.uint32($0) == endSignature
            })
        else { throw refused("it has no central directory, it may be cut") }
        guard let count = reader.uint16(end + 10), let size = reader.uint32(end + 12),
            let offset = reader.uint32(end + 16)
        else {
            throw refused("its end is damaged")
        }
        guard count == .max || offset == .max || size == .max else { return (Int(offset), Int(size), Int(count)) }
        guard reader.uint32(end - 20) == locatorSignature, let place = reader.uint64(end - 12),
            reader.uint32(place) == end64Signature,
            let count64 = reader.uint64(place + 32), let size64 = reader.uint64(place + 40),
            let offset64 = reader.uint64(place + 48)
        else { throw refused("its Zip64 end is damaged") }
        return (offset64, size64, count64)
    }

    private static func entry(_ reader: LittleEndianBytes, at offset: inout Int) throws(DICOMError) -> ZipEntry {
        guard reader.uint32(offset) == entrySignature, let system = reader.uint16(offset + 4),
            let flags = reader.uint16(offset + 8),
            let rawMethod = reader.uint16(offset + 10), let crc32 = reader.uint32(offset + 16),
            let compressed = reader.uint32(offset + 20),
            let size = reader.uint32(offset + 24), let nameLength = reader.uint16(offset + 28),
            let extraLength = reader.uint16(offset + 30),
            let commentLength = reader.uint16(offset + 32), let attributes = reader.uint32(offset + 38),
            let header = reader.uint32(offset + 42),
            let name = reader.bytes(offset + 46, Int(nameLength))
        else { throw refused("its central directory is damaged") }
        guard flags & 1 == 0 else { throw refused("it is encrypted") }
        guard let method = ZipEntry.Method(rawValue: rawMethod) else {
            throw refused("compression method \(rawMethod), expected 0 (stored) or 8 (deflated)")
        }
        var entry = ZipEntry(
            name: name, method: method, crc32: crc32, compressedSize: Int(compressed), size: Int(size),
            headerOffset: Int(header),
            unixMode: system >> 8 == 3 ? UInt16(attributes >> 16) : 0)
        let extra = offset + 46 + Int(nameLength)
        try widen(&entry, reader, extra: extra, length: Int(extraLength))
        offset = extra + Int(extraLength) + Int(commentLength)
        return entry
    }

    /// Sizes beyond 32 bits are in extra field 1, those that do not fit only, in this order (APPNOTE 4.5.3).
    private static func widen(_ entry: inout ZipEntry, _ reader: LittleEndianBytes, extra: Int, length: Int)
        throws(DICOMError)
    {
        let missing = Int(UInt32.max)
        guard entry.size == missing || entry.compressedSize == missing || entry.headerOffset == missing else { return }
        var offset = extra
        while offset + 4 <= extra + length, let code = reader.uint16(offset), let size = reader.uint16(offset + 2) {
            guard code == 1 else {
                offset += 4 + Int(size)
                continue
            }
            var field = offset + 4
            for path in [\ZipEntry.size, \ZipEntry.compressedSize, \ZipEntry.headerOffset]
            where entry[keyPath: path] == missing {
                guard field + 8 <= offset + 4 + Int(size), let value = reader.uint64(field) else {
                    throw refused("a Zip64 field is damaged")
                }
                entry[keyPath: path] = value
                field += 8
            }
            return
        }
        throw refused("a Zip64 field is missing")
    }

    /// CT deflates three to one, an empty slice a thousand to one; both have their place, a bomb has not.
    private static let largestRatio = 100
    private static let smallestLimit = 64 << 20
    private static let largestTotal = 32 << 30
    private static let largestFile = 4 << 30

    private static func check(_ entries: [ZipEntry], archiveSize: Int) throws(DICOMError) {
        if entries.contains(where: \.leadsOutside) { throw refused("a name in it is absolute or leads upwards") }
        if entries.contains(where: \.isSpecial) { throw refused("it holds a symbolic link or another special file") }
        if let large = entries.first(where: { $0.size > largestFile || $0.compressedSize > archiveSize }) {
            throw refused("a file in it states to have \(large.size) bytes, expected at most \(largestFile)")
        }
        let total = entries.reduce(0) { $0 + $1.size }
        guard total <= largestTotal, total <= max(smallestLimit, largestRatio * archiveSize) else {
            throw refused(
                "\(archiveSize) bytes that become \(total), expected at most \(largestRatio) times as many and \(largestTotal)"
            )
        }
        // Entries that share their bytes would make a small archive large without any one of them standing out.
        var end = 0
        for entry in entries.sorted(by: { $0.headerOffset < $1.headerOffset }) {
            guard entry.headerOffset >= end, entry.headerOffset <= archiveSize - entry.compressedSize else {
                throw refused("files in it overlap")
            }
            end = entry.headerOffset + 30 + entry.compressedSize
        }
    }
}
