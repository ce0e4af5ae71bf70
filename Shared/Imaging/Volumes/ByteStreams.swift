import Archives
import Faults
import Files
import Foundation

/// A file's bytes, decompressed if it is gzipped (told by its content, not its name). Not thread-safe, but for `file`;
/// blocks.
final class ByteSource {
    let file: InputFile
    /// Nil where the bytes are read as they are.
    private let gzip: GzipReader?
    private let path: String
    private var position = 0

    /// Throws `fileMissing`, `fileNotReadable` or `readFailed`.
    init(path: String) throws {
        self.path = path
        file = try InputFile(path: path)
        var start: [UInt8] = [0, 0]
        let count = try start.withUnsafeMutableBytes { [file] in try file.read(into: $0, at: 0) }
        do {
            gzip = count == 2 && start == [0x1F, 0x8B] ? try GzipReader(descriptor: file.descriptor.number) : nil
        } catch {
            throw VolumeError(.readFailed, error.description, path: path)
        }
    }

    var isCompressed: Bool { gzip != nil }

    /// Larger claims are refuted before reading.
    var largestPossibleByteCount: Int {
        isCompressed ? file.byteCount.multipliedReportingOverflow(by: Zlib.largestRatio).partialValue : file.byteCount
    }

    /// Fills `buffer` with the next bytes as far as the file goes and returns their number. Throws
    /// `corruptCompression`, `truncated` (a gzip stream without its end) or `readFailed`.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard let gzip else {
            let count = try file.read(into: buffer, at: position)
            position += count
            return count
        }
        do {
            return try gzip.read(into: buffer)
        } catch {
            let code: VolumeError.Code =
                switch error.code {
                case .truncated: .truncated
                case .damaged: .corruptCompression
                case .inputOutput: .readFailed
                }
            throw VolumeError(code, error.description, path: path)
        }
    }
}

/// A new file, gzipped or plain, that appears under its name only when it is whole; what was written of it goes away
/// with an error, such as a full disk. Not thread-safe; blocks.
final class ByteSink {
    private var writer: GzipWriter?
    private let path: String
    private let temporaryPath: String

    /// - Parameter effort: nil writes the file plain.
    /// Throws `fileNotWritable`.
    init(path: String, gzip effort: GzipWriter.Effort?) throws {
        self.path = path
        temporaryPath = path + ".\(UUID().uuidString).partial"
        do {
            writer = try GzipWriter(path: temporaryPath, gzip: effort)
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
