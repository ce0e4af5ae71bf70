import CZlib
import Foundation

/// A file's bytes from the start, decompressed if it is gzipped (told by its content, not its name).
///
/// The boundary to zlib, together with `ByteSink`. Not thread-safe; blocks.
final class ByteSource {
    /// Bytes on disk.
    let fileByteCount: Int
    private let file: gzFile
    private let path: String

    /// Throws `fileMissing` or `fileNotReadable`.
    init(path: String) throws {
        self.path = path
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            let missing = errno == ENOENT || errno == ENOTDIR
            throw VolumeError(
                missing ? .fileMissing : .fileNotReadable,
                missing ? "the file does not exist" : "the file cannot be read: \(String(cString: strerror(errno)))", path: path)
        }
        // Opening a pipe or a device could wait for ever.
        guard facts.st_mode & S_IFMT == S_IFREG else {
            throw VolumeError(.fileNotReadable, "a regular file is expected, got a folder or a special file", path: path)
        }
        fileByteCount = Int(facts.st_size)
        guard let file = gzopen(path, "rb") else {
            throw VolumeError(.fileNotReadable, "the file cannot be opened: \(String(cString: strerror(errno)))", path: path)
        }
        self.file = file
        gzbuffer(file, 1 << 17)
    }

    deinit {
        gzclose(file)
    }

    /// Known once something was read.
    var isCompressed: Bool { gzdirect(file) == 0 }

    /// No stream of deflate decompresses to more than this (1032 : 1), so larger claims are refuted before reading.
    var largestPossibleByteCount: Int { isCompressed ? fileByteCount.multipliedReportingOverflow(by: 1032).partialValue : fileByteCount }

    /// Fills `buffer` as far as the file goes and returns the number of bytes. Throws `corruptCompression`,
    /// `truncated` (a gzip stream without its end) or `fileNotReadable`.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        var filled = 0
        while filled < buffer.count {
            let count = gzread(file, base + filled, UInt32(min(buffer.count - filled, 1 << 30)))
            if count <= 0 { break }
            filled += Int(count)
        }
        if filled < buffer.count { try check(after: filled) }
        return filled
    }

    private func check(after filled: Int) throws {
        var code: Int32 = 0
        // Its text is not used: it begins with the path.
        _ = gzerror(file, &code)
        switch code {
        case Z_OK, Z_STREAM_END: return
        case Z_BUF_ERROR: throw VolumeError(.truncated, "the gzip stream ends too early: the file is cut off", path: path)
        case Z_DATA_ERROR: throw VolumeError(.corruptCompression, "the gzip stream is damaged (zlib: data error)", path: path)
        case Z_ERRNO: throw VolumeError(.fileNotReadable, "the file cannot be read (input/output error)", path: path)
        default: throw VolumeError(.corruptCompression, "the gzip stream cannot be read (zlib error \(code))", path: path)
        }
    }
}

/// A new file, gzipped or plain, that appears under its name only when it is whole.
///
/// gzip streams carry no time and no name, so equal contents give equal bytes. Not thread-safe; blocks.
final class ByteSink {
    private var file: gzFile?
    private let path: String
    private let temporaryPath: String

    /// Throws `fileNotWritable`.
    init(path: String, compressed: Bool) throws {
        self.path = path
        temporaryPath = path + ".\(UUID().uuidString).partial"
        guard let file = gzopen(temporaryPath, compressed ? "wb4" : "wbT") else {
            throw VolumeError(.fileNotWritable, "the file cannot be created: \(String(cString: strerror(errno)))", path: path)
        }
        self.file = file
        gzbuffer(file, 1 << 17)
    }

    deinit {
        guard let file else { return }
        gzclose(file)
        unlink(temporaryPath)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard let base = bytes.baseAddress, let file else { return }
        var written = 0
        while written < bytes.count {
            let count = gzwrite(file, base + written, UInt32(min(bytes.count - written, 1 << 30)))
            guard count > 0 else {
                throw VolumeError(.fileNotWritable, "the file cannot be written; is the disk full?", path: path)
            }
            written += Int(count)
        }
    }

    /// Writes what is left and gives the file its name, replacing an older one.
    func finish() throws {
        guard let file else { return }
        self.file = nil
        guard gzclose(file) == Z_OK, rename(temporaryPath, path) == 0 else {
            unlink(temporaryPath)
            throw VolumeError(.fileNotWritable, "the file cannot be written: \(String(cString: strerror(errno)))", path: path)
        }
    }
}
