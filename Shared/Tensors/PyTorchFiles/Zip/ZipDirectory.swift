import Compression
import Foundation

/// The central directory of a zip archive. Nothing it says is believed before it is checked against the bytes.
struct ZipDirectory {
    private(set) var entries: [ZipEntry] = []
    private let bytes: UnsafeRawBufferPointer

    private static let endSignature: UInt32 = 0x0605_4B50
    private static let end64Signature: UInt32 = 0x0606_4B50
    private static let locatorSignature: UInt32 = 0x0706_4B50
    private static let entrySignature: UInt32 = 0x0201_4B50
    private static let headerSignature: UInt32 = 0x0403_4B50
    private static let endLength = 22
    private static let locatorLength = 20

    init(bytes: UnsafeRawBufferPointer) throws {
        self.bytes = bytes
        let (range, count) = try place()
        var cursor = try ByteCursor(
            UnsafeRawBufferPointer(rebasing: bytes[..<range.upperBound]), at: range.lowerBound, code: .malformedArchive)
        // An entry takes at least 46 bytes, so a false count ends at the directory's end.
        for _ in 0..<count {
            if let entry = try entry(&cursor, directory: range.lowerBound) { entries.append(entry) }
        }
        try checkNames()
        try checkOverlaps()
    }

    /// Where the directory lies and how many entries it has.
    private func place() throws -> (Range<Int>, count: Int) {
        let end = try endOffset()
        var cursor = try ByteCursor(bytes, at: end + 4, code: .malformedArchive)
        let (disk, directoryDisk) = (try cursor.integer(UInt16.self), try cursor.integer(UInt16.self))
        _ = try cursor.integer(UInt16.self)
        var count = Int(try cursor.integer(UInt16.self))
        var length = Int(try cursor.integer(UInt32.self))
        var offset = Int(try cursor.integer(UInt32.self))
        var limit = end
        if let end64 = try end64Offset(end) {
            var cursor = try ByteCursor(bytes, at: end64, code: .malformedArchive)
            guard try cursor.integer(UInt32.self) == Self.end64Signature else {
                throw torn("its zip64 directory is not where it should be")
            }
            // Size of the record, versions, disks, entries on this disk.
            _ = try cursor.take(8 + 2 + 2 + 4 + 4 + 8)
            (count, length, offset) = (try cursor.count64(), try cursor.count64(), try cursor.count64())
            limit = end64
        } else {
            guard disk == 0, directoryDisk == 0 else {
                throw PyTorchFileError(.unsupported, "the archive is split over several files; join them first")
            }
        }
        guard offset <= limit, length <= limit - offset else {
            throw torn("its directory of \(length) bytes at byte \(offset) ends behind byte \(limit)")
        }
        return (offset..<offset + length, count)
    }

    /// The end record stands before a comment of up to 65535 bytes that reaches the end of the file.
    private func endOffset() throws -> Int {
        let last = bytes.count - Self.endLength
        guard last >= 0 else { throw torn("it has \(bytes.count) bytes") }
        for offset in stride(from: last, through: max(0, last - Int(UInt16.max)), by: -1) {
            guard signature(at: offset) == Self.endSignature else { continue }
            let comment = Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 20, as: UInt16.self)))
            if comment == last - offset { return offset }
        }
        throw torn("it has no directory at its end")
    }

    private func end64Offset(_ end: Int) throws -> Int? {
        let locator = end - Self.locatorLength
        guard locator >= 0, signature(at: locator) == Self.locatorSignature else { return nil }
        var cursor = try ByteCursor(bytes, at: locator + 8, code: .malformedArchive)
        let offset = try cursor.count64()
        guard offset <= locator else {
            throw torn("its zip64 directory is said to be at byte \(offset) of \(bytes.count)")
        }
        return offset
    }

    /// Nil for a folder.
    private func entry(_ cursor: inout ByteCursor, directory: Int) throws -> ZipEntry? {
        guard try cursor.integer(UInt32.self) == Self.entrySignature else { throw torn("its directory is damaged") }
        _ = try cursor.take(4)
        let (flags, method) = (try cursor.integer(UInt16.self), try cursor.integer(UInt16.self))
        _ = try cursor.take(4)
        let checksum = try cursor.integer(UInt32.self)
        var (compressed, size) = (Int(try cursor.integer(UInt32.self)), Int(try cursor.integer(UInt32.self)))
        let nameLength = Int(try cursor.integer(UInt16.self))
        let (extraLength, commentLength) = (Int(try cursor.integer(UInt16.self)), Int(try cursor.integer(UInt16.self)))
        _ = try cursor.take(8)
        var offset = Int(try cursor.integer(UInt32.self))
        let nameBytes = try cursor.take(nameLength)
        let name = try Self.name(nameBytes)
        try Self.extend(&size, &compressed, &offset, by: try cursor.take(extraLength))
        _ = try cursor.take(commentLength)

        if name.hasSuffix("/") && size == 0 { return nil }
        guard flags & 1 == 0 else {
            throw PyTorchFileError(.unsupported, "the entry \(name) of the archive is encrypted; decrypt it first")
        }
        guard let method = ZipEntry.Method(rawValue: method) else {
            throw PyTorchFileError(
                .unsupported,
                "the entry \(name) of the archive has the compression \(method), expected stored or deflated")
        }
        let start = try dataOffset(name, nameBytes, header: offset, directory: directory)
        guard compressed <= directory - start else {
            throw torn("its entry \(name) of \(compressed) bytes at byte \(start) ends behind byte \(directory)")
        }
        let largest =
            method == .stored ? compressed : compressed.multipliedReportingOverflow(by: Zlib.largestRatio).partialValue
        guard method == .stored ? size == compressed : size <= largest else {
            throw torn("its entry \(name) states \(size) bytes made of \(compressed)")
        }
        return ZipEntry(
            name: name, method: method, checksum: checksum, byteCount: size, headerOffset: offset,
            range: start..<start + compressed)
    }

    /// Where an entry's data begin: behind its local header, which must be of the same name.
    private func dataOffset(_ name: String, _ nameBytes: UnsafeRawBufferPointer, header: Int, directory: Int) throws
        -> Int
    {
        guard header < directory else {
            throw torn("its entry \(name) is said to be at byte \(header) of \(bytes.count)")
        }
        var cursor = try ByteCursor(bytes, at: header, code: .malformedArchive)
        guard try cursor.integer(UInt32.self) == Self.headerSignature else {
            throw torn("its entry \(name) is not where it should be")
        }
        _ = try cursor.take(22)
        let (nameLength, extraLength) = (Int(try cursor.integer(UInt16.self)), Int(try cursor.integer(UInt16.self)))
        guard try cursor.take(nameLength).elementsEqual(nameBytes) else {
            throw torn("its entry \(name) has two names")
        }
        _ = try cursor.take(extraLength)
        guard cursor.position <= directory else { throw torn("its entry \(name) reaches into the directory") }
        return cursor.position
    }

    /// Sizes that need more than four bytes stand in the extra field 1, in this order, only those that are all ones.
    private static func extend(
        _ size: inout Int, _ compressed: inout Int, _ offset: inout Int, by extra: UnsafeRawBufferPointer
    ) throws {
        let full = Int(UInt32.max)
        var cursor = try ByteCursor(extra, code: .malformedArchive)
        while cursor.remaining >= 4 {
            let kind = try cursor.integer(UInt16.self)
            var field = try ByteCursor(try cursor.take(Int(try cursor.integer(UInt16.self))), code: .malformedArchive)
            guard kind == 1 else { continue }
            if size == full { size = try field.count64() }
            if compressed == full { compressed = try field.count64() }
            if offset == full { offset = try field.count64() }
        }
    }

    private static func name(_ bytes: UnsafeRawBufferPointer) throws -> String {
        let name = String(decoding: bytes, as: UTF8.self)
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !name.isEmpty, name.utf8.elementsEqual(bytes), !name.hasPrefix("/"), !parts.contains(".."),
            !name.unicodeScalars.contains(where: { $0 == "\\" || $0 == ":" || $0.value < 32 })
        else {
            throw PyTorchFileError(
                .malformedArchive,
                "the archive has an entry with the name \(name.prefix(60).debugDescription), a relative path without .. is expected"
            )
        }
        return name
    }

    private func checkNames() throws {
        var seen: Set<String> = []
        for entry in entries where !seen.insert(entry.name).inserted { throw torn("it has two entries \(entry.name)") }
    }

    /// Entries that share bytes are how small archives claim to be large.
    private func checkOverlaps() throws {
        let ordered = entries.sorted { $0.headerOffset < $1.headerOffset }
        for (entry, next) in zip(ordered, ordered.dropFirst()) where entry.range.upperBound > next.headerOffset {
            throw torn("its entries \(entry.name) and \(next.name) overlap")
        }
    }

    private func signature(at offset: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    private func torn(_ defect: String) -> PyTorchFileError {
        PyTorchFileError(.malformedArchive, "the archive is torn or damaged: \(defect)")
    }
}
