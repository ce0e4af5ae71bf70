import Compression
import Files
import Foundation

/// A zip of a study, extracted into a private folder that goes with the value.
///
/// Files get numbers for names: the archive's may be patients' names, or ways out of the folder.
struct ExtractedArchive: Sendable {
    let folder: PrivateFolder

    /// Whether a file begins as a zip archive does.
    static func isArchive(_ path: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: 4)) == Data([0x50, 0x4b, 0x03, 0x04])
    }

    /// - Throws: `DICOMError`: `badArchive`, `fileNotReadable`, `fileNotWritable`.
    init(_ archive: URL) throws(DICOMError) {
        let file = try ArchiveFile(archive.path)
        let directory = try ZipDirectory(file)
        folder = try PrivateFolder(purpose: "the zip archive")
        for (index, entry) in directory.entries.enumerated() where !entry.isFolder {
            try ExtractedArchive.extract(entry, of: file, to: folder.url.appending(path: String(format: "%06d", index)))
        }
    }

    private static func extract(_ entry: ZipEntry, of archive: ArchiveFile, to file: URL) throws(DICOMError) {
        guard let head = archive.bytes(at: entry.headerOffset, count: 30),
            head.uint32(entry.headerOffset) == 0x0403_4b50,
            let nameLength = head.uint16(entry.headerOffset + 26),
            let extraLength = head.uint16(entry.headerOffset + 28)
        else { throw ZipDirectory.refused("a file's header in it is damaged") }
        let start = entry.headerOffset + 30 + Int(nameLength) + Int(extraLength)
        guard let source = archive.bytes(at: start, count: entry.compressedSize)?.data else {
            throw ZipDirectory.refused("it is cut")
        }
        let content: Data
        switch entry.method {
        case .stored:
            guard entry.size == entry.compressedSize else {
                throw ZipDirectory.refused("a stored file states two sizes")
            }
            content = source
        case .deflated:
            content = try inflate(source, size: entry.size)
        }
        guard content.withUnsafeBytes(Zlib.crc32) == entry.crc32 else {
            throw ZipDirectory.refused("a file in it is damaged (check sum)")
        }
        do {
            try content.write(to: file)
        } catch {
            throw DICOMError(
                .fileNotWritable, "zip archive cannot be extracted: is the disk of the temporary folder full?")
        }
    }

    private static func inflate(_ source: Data, size: Int) throws(DICOMError) -> Data {
        guard size <= source.count.multipliedReportingOverflow(by: Zlib.largestRatio).partialValue + 64 else {
            throw ZipDirectory.refused("a file in it states more bytes than its data can become")
        }
        var content = Data(count: size)
        let outcome = content.withUnsafeMutableBytes { target in
            source.withUnsafeBytes { bytes in
                Result { () throws(CompressionError) in try Zlib.inflate(bytes, into: target) }
            }
        }
        do {
            try outcome.get()
        } catch {
            throw ZipDirectory.refused("a file in it is damaged (\(error))")
        }
        return content
    }
}
