import CZlib
import Foundation

/// The boundary to zlib: gzip files as streams, raw deflate in memory, CRC-32. Everything here blocks.
package enum Zlib {
    /// No stream of deflate becomes more than this many times its size.
    package static let largestRatio = 1032

    /// The CRC-32 of zip and gzip.
    package static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        guard let base = bytes.bindMemory(to: UInt8.self).baseAddress else { return 0 }
        return UInt32(truncatingIfNeeded: crc32_z(0, base, bytes.count))
    }

    /// Decompresses a raw deflate stream (zip's method 8) that must fill `target` exactly and end where `source` ends.
    package static func inflate(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) throws(CompressionError) {
        var stream = z_stream()
        // Negative window bits: no header, no trailer (zlib.h, inflateInit2).
        guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw CompressionError(.inputOutput, "zlib has no memory for a stream")
        }
        defer { inflateEnd(&stream) }
        // Room for one byte more than there should be: a stream that goes on is found out, not cut off.
        var surplus: UInt8 = 0
        var (taken, given) = (0, 0)
        while true {
            let result = withUnsafeMutablePointer(to: &surplus) { surplus in
                let input = min(source.count - taken, 1 << 30)
                let room = min(target.count - given, 1 << 30)
                stream.next_in = source.baseAddress.map { UnsafeMutablePointer(mutating: ($0 + taken).assumingMemoryBound(to: UInt8.self)) }
                stream.avail_in = UInt32(input)
                stream.next_out = room > 0 ? (target.baseAddress! + given).assumingMemoryBound(to: UInt8.self) : surplus
                stream.avail_out = UInt32(max(room, 1))
                let result = CZlib.inflate(&stream, Z_NO_FLUSH)
                taken += input - Int(stream.avail_in)
                given += max(room, 1) - Int(stream.avail_out)
                return result
            }
            guard given <= target.count else {
                throw CompressionError(.damaged, "the compressed data go on after the \(target.count) bytes they should become")
            }
            switch result {
            case Z_STREAM_END:
                guard given == target.count, taken == source.count else {
                    throw CompressionError(.damaged, "the compressed data become \(given) bytes, \(target.count) were stated")
                }
                return
            case Z_OK: continue
            case Z_BUF_ERROR: throw CompressionError(.truncated, "the compressed data end after \(given) of \(target.count) bytes")
            default: throw CompressionError(.damaged, "the compressed data are damaged (zlib error \(result))")
            }
        }
    }
}

/// A file's bytes from the start, decompressed if it is gzipped (told by its content, not its name). Not thread-safe.
package final class GzipReader {
    private let file: gzFile

    package init(path: String) throws(CompressionError) {
        guard let file = gzopen(path, "rb") else {
            throw CompressionError(.inputOutput, "the file cannot be opened: \(String(cString: strerror(errno)))")
        }
        self.file = file
        gzbuffer(file, 1 << 17)
    }

    deinit {
        gzclose(file)
    }

    /// Known once something was read.
    package var isCompressed: Bool { gzdirect(file) == 0 }

    /// Fills `buffer` as far as the file goes and returns the number of bytes.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(CompressionError) -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        var filled = 0
        while filled < buffer.count {
            let count = gzread(file, base + filled, UInt32(min(buffer.count - filled, 1 << 30)))
            if count <= 0 { break }
            filled += Int(count)
        }
        if filled < buffer.count { try check() }
        return filled
    }

    private func check() throws(CompressionError) {
        var code: Int32 = 0
        // Its text is not used: it begins with the path.
        _ = gzerror(file, &code)
        switch code {
        case Z_OK, Z_STREAM_END: return
        case Z_BUF_ERROR: throw CompressionError(.truncated, "the gzip stream ends too early: the file is cut off")
        case Z_DATA_ERROR: throw CompressionError(.damaged, "the gzip stream is damaged (zlib: data error)")
        case Z_ERRNO: throw CompressionError(.inputOutput, "the file cannot be read (input/output error)")
        default: throw CompressionError(.damaged, "the gzip stream cannot be read (zlib error \(code))")
        }
    }
}

/// A file that is written gzipped or plain. gzip streams carry no time and no name, so equal contents give equal bytes. Not thread-safe.
package final class GzipWriter {
    private var file: gzFile?

    package init(path: String, compressed: Bool) throws(CompressionError) {
        guard let file = gzopen(path, compressed ? "wb4" : "wbT") else {
            throw CompressionError(.inputOutput, "the file cannot be created: \(String(cString: strerror(errno)))")
        }
        self.file = file
        gzbuffer(file, 1 << 17)
    }

    deinit {
        if let file { gzclose(file) }
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(CompressionError) {
        guard let base = bytes.baseAddress, let file else { return }
        var written = 0
        while written < bytes.count {
            let count = gzwrite(file, base + written, UInt32(min(bytes.count - written, 1 << 30)))
            guard count > 0 else { throw CompressionError(.inputOutput, "the file cannot be written; is the disk full?") }
            written += Int(count)
        }
    }

    /// Writes what is left. The writer takes nothing more.
    package func close() throws(CompressionError) {
        guard let file else { return }
        self.file = nil
        guard gzclose(file) == Z_OK else {
            throw CompressionError(.inputOutput, "the file cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
