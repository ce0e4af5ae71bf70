import Archives
import Faults
import Files
import Foundation

/// A zip of a study, extracted into a private folder that goes with the value.
///
/// Files get numbers for names: the archive's may be patients' names, or ways out of the folder.
struct ExtractedArchive: Sendable {
    let folder: PrivateFolder

    /// CT deflates three to one, an empty slice a thousand to one; both have their place, a bomb has not.
    private static let limits: ZipLimits = {
        var limits = ZipLimits()
        limits.entries = 200_000
        limits.directoryByteCount = 256 << 20
        limits.entryByteCount = 4 << 30
        limits.totalByteCount = 32 << 30
        limits.ratio = 100
        limits.smallTotalByteCount = 64 << 20
        limits.areNamesUsed = false
        limits.allowsTrailingBytes = true
        return limits
    }()

    /// Whether a file begins as a zip archive does.
    static func isArchive(_ path: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        return (try? handle.read(upToCount: 4)).map(ZipArchive.isZip) ?? false
    }

    /// - Throws: `DICOMError`: `badArchive`, `fileNotReadable`, `readFailed`, `fileNotWritable`.
    init(_ archive: URL) throws(DICOMError) {
        let file: ZipFile
        do throws(SystemFailure) {
            file = try ZipFile(archive.path)
        } catch {
            guard error.isRefusal else {
                throw DICOMError(.readFailed, "zip archive cannot be read: \(error.reason)", path: archive.path)
            }
            throw DICOMError(.fileNotReadable, "zip archive cannot be read: check its permissions", path: archive.path)
        }
        folder = try PrivateFolder(purpose: "the zip archive")
        let zip = try Self.told { () throws(ZipError) in try ZipArchive(file, limits: Self.limits) }
        for (index, entry) in zip.entries.enumerated() {
            let content = try Self.told { () throws(ZipError) in
                try zip.content(of: entry, limit: Self.limits.entryByteCount)
            }
            try Self.write(content, to: folder.url.appending(path: String(format: "%06d", index)))
        }
    }

    private static func told<Value>(_ read: () throws(ZipError) -> Value) throws(DICOMError) -> Value {
        do throws(ZipError) {
            return try read()
        } catch {
            if error.code == .unreadable { throw DICOMError(.readFailed, "zip archive \(error.fact)") }
            // The name of an entry may be a patient's.
            let fact = error.entry == nil ? error.fact : "a file in it \(error.fact)"
            throw DICOMError(
                .badArchive, "zip archive is refused: \(fact); send the study as files or in a plain zip archive")
        }
    }

    private static func write(_ content: Data, to file: URL) throws(DICOMError) {
        do {
            try content.write(to: file)
        } catch {
            throw DICOMError(
                .fileNotWritable, "zip archive cannot be extracted: is the disk of the temporary folder full?")
        }
    }
}
