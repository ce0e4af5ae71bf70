import Compression
import Foundation

/// A file's bytes from the start, decompressed if it is gzipped (told by its content, not its name). Not thread-safe; blocks.
final class ByteSource {
    /// Bytes on disk.
    let fileByteCount: Int
    private let reader: GzipReader
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
        do {
            reader = try GzipReader(path: path)
        } catch {
            throw VolumeError(.fileNotReadable, error.description, path: path)
        }
    }

    /// Known once something was read.
    var isCompressed: Bool { reader.isCompressed }

    /// Larger claims are refuted before reading.
    var largestPossibleByteCount: Int {
        isCompressed ? fileByteCount.multipliedReportingOverflow(by: Zlib.largestRatio).partialValue : fileByteCount
    }

    /// Fills `buffer` as far as the file goes and returns the number of bytes. Throws `corruptCompression`,
    /// `truncated` (a gzip stream without its end) or `fileNotReadable`.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        do {
            return try reader.read(into: buffer)
        } catch {
            let code: VolumeError.Code =
                switch error.code {
                case .truncated: .truncated
                case .damaged: .corruptCompression
                case .inputOutput: .fileNotReadable
                }
            throw VolumeError(code, error.description, path: path)
        }
    }
}

/// A new file, gzipped or plain, that appears under its name only when it is whole. Not thread-safe; blocks.
final class ByteSink {
    private var writer: GzipWriter?
    private let path: String
    private let temporaryPath: String

    /// Throws `fileNotWritable`.
    init(path: String, compressed: Bool) throws {
        self.path = path
        temporaryPath = path + ".\(UUID().uuidString).partial"
        do {
            writer = try GzipWriter(path: temporaryPath, compressed: compressed)
        } catch {
            throw VolumeError(.fileNotWritable, error.description, path: path)
        }
    }

    deinit {
        if writer != nil { unlink(temporaryPath) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        do {
            try writer?.write(bytes)
        } catch {
            throw VolumeError(.fileNotWritable, error.description, path: path)
        }
    }

    /// Writes what is left and gives the file its name, replacing an older one.
    func finish() throws {
        guard let writer else { return }
        self.writer = nil
        do {
            try writer.close()
        } catch {
            unlink(temporaryPath)
            throw VolumeError(.fileNotWritable, error.description, path: path)
        }
        guard rename(temporaryPath, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(temporaryPath)
            throw VolumeError(.fileNotWritable, "the file cannot be written: \(reason)", path: path)
        }
    }
}
