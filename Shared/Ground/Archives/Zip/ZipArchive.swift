import Faults
package import Foundation

/// A zip archive: stored and deflated entries, zip64. All that the directory states is checked before anything is
/// read, and nothing is decompressed beyond what it states. Blocks.
package struct ZipArchive: Sendable {
    package let entries: [ZipEntry]
    private let source: any ZipSource
    private let directoryOffset: Int
    private let indexByName: [String: Int]

    /// Whether bytes begin as a zip archive does.
    package static func isZip(_ data: Data) -> Bool { data.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

    package init(_ source: any ZipSource, limits: ZipLimits) throws(ZipError) {
        self.source = source
        let directory = try ZipDirectory(source, limits)
        entries = directory.entries
        directoryOffset = directory.offset
        indexByName =
            limits.areNamesUsed
            ? Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) }) : [:]
        for entry in entries { _ = try range(of: entry) }
    }

    package func entry(_ name: String) -> ZipEntry? { indexByName[name].map { entries[$0] } }

    /// An entry's bytes, decompressed; their check sum is right. Stored ones of an archive in memory are not copied.
    ///
    /// - Parameter limit: throws `tooLarge` where the entry has more bytes.
    package func content(of entry: ZipEntry, limit: Int) throws(ZipError) -> Data {
        func refused(_ code: ZipError.Code, _ fact: String) -> ZipError { ZipError(code, entry: entry.name, fact) }
        guard entry.byteCount <= limit else {
            throw refused(.tooLarge, "has \(entry.byteCount) bytes, at most \(limit) are expected of it")
        }
        guard let raw = try source.bytes(range(of: entry)) else { throw refused(.malformed, "cannot be read") }
        let content: Data
        switch entry.method {
        case .stored: content = raw
        case .deflated: content = try inflate(raw, entry)
        }
        guard content.withUnsafeBytes({ Zlib.crc32($0) }) == entry.checksum else {
            throw refused(.malformed, "is damaged: its CRC-32 is another than stated; copy the archive again")
        }
        return content
    }

    /// An entry's data lie behind its local header, which must be of the same name.
    private func range(of entry: ZipEntry) throws(ZipError) -> Range<Int> {
        func torn(_ fact: String) -> ZipError { ZipError(.malformed, entry: entry.name, fact) }
        let fixed = entry.headerOffset + ZipEntry.LocalHeader.byteCount
        guard let head = try source.bytes(entry.headerOffset..<fixed),
            case let reader = LittleEndianBytes(head, start: entry.headerOffset),
            reader.uint32(entry.headerOffset) == ZipEntry.LocalHeader.signature,
            let nameLength = reader.uint16(entry.headerOffset + 26),
            let extraLength = reader.uint16(entry.headerOffset + 28)
        else { throw torn("is not where it should be") }
        let start = fixed + Int(nameLength) + Int(extraLength)
        guard entry.compressedByteCount <= directoryOffset - start else {
            throw torn("of \(entry.compressedByteCount) bytes at byte \(start) ends behind byte \(directoryOffset)")
        }
        guard let name = try source.bytes(fixed..<fixed + Int(nameLength)), name.count == entry.nameByteCount,
            String(decoding: name, as: UTF8.self) == entry.name
        else { throw torn("has two names") }
        return start..<start + entry.compressedByteCount
    }

    private func inflate(_ raw: Data, _ entry: ZipEntry) throws(ZipError) -> Data {
        var content = Data(count: entry.byteCount)
        let outcome = content.withUnsafeMutableBytes { target in
            raw.withUnsafeBytes { bytes in
                Result { () throws(CompressionError) in try Zlib.inflate(bytes, into: target) }
            }
        }
        do throws(CompressionError) {
            try outcome.get()
        } catch {
            throw error.code == .inputOutput
                ? ZipError(.unreadable, "cannot be read: \(error)")
                : ZipError(.malformed, entry: entry.name, "is damaged: \(error)")
        }
        return content
    }
}
