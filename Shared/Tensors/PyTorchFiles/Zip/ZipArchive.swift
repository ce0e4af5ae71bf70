import Compression
package import Foundation

/// A zip archive in memory (mapped): stored and deflated entries, zip64. All that the directory states is checked
/// before anything is read.
///
/// Source: APPNOTE.TXT 6.3.9, section 4.3.
package struct ZipArchive: Sendable {
    package let entries: [ZipEntry]
    private let data: Data
    private let indexByName: [String: Int]

    package static func isZip(_ data: Data) -> Bool { data.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

    /// - Throws: `malformedArchive` naming the entry and what is wrong, `unsupported` for encryption and other
    ///   compressions.
    package init(data: Data) throws {
        self.data = data
        entries = try data.withUnsafeBytes { try ZipDirectory(bytes: $0).entries }
        indexByName = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
    }

    package func entry(_ name: String) -> ZipEntry? { indexByName[name].map { entries[$0] } }

    /// An entry's bytes, decompressed; their check sum is right. Stored ones are not copied.
    /// - Throws: `malformedArchive`, also if the entry has more than `limit` bytes.
    package func bytes(_ entry: ZipEntry, limit: Int) throws -> Data {
        guard entry.byteCount <= limit else {
            throw PyTorchFileError(
                .malformedArchive,
                "the entry \(entry.name) of the archive has \(entry.byteCount) bytes, at most \(limit) are expected of it"
            )
        }
        let raw = data[data.startIndex + entry.range.lowerBound..<data.startIndex + entry.range.upperBound]
        let bytes: Data
        switch entry.method {
        case .stored: bytes = raw
        case .deflated: bytes = try inflate(raw, entry)
        }
        guard bytes.withUnsafeBytes({ Zlib.crc32($0) }) == entry.checksum else {
            throw PyTorchFileError(
                .malformedArchive,
                "the entry \(entry.name) of the archive is damaged: its CRC-32 is another than stated; copy the file again, or save it again with torch.save"
            )
        }
        return bytes
    }

    private func inflate(_ raw: Data, _ entry: ZipEntry) throws -> Data {
        var bytes = Data(count: entry.byteCount)
        do {
            try raw.withUnsafeBytes { source in try bytes.withUnsafeMutableBytes { try Zlib.inflate(source, into: $0) }
            }
        } catch let error as CompressionError {
            throw PyTorchFileError(.malformedArchive, "the entry \(entry.name) of the archive: \(error)")
        }
        return bytes
    }
}
