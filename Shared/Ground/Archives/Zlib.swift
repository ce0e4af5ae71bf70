import CZlib
import Faults
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

    /// The CRC-32 of two runs of bytes, one after the other, from those of each.
    static func crc32(_ first: UInt32, then second: UInt32, ofByteCount count: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32_combine(uLong(first), uLong(second), count))
    }

    /// What a block of so many bytes can become at most, its end mark included.
    package static func largestDeflatedByteCount(_ count: Int) -> Int {
        // Never reached: what deflateBound promises for any parameters (zlib 1.2.13), with a margin for the flush.
        count + (count + 7) >> 3 + (count + 63) >> 6 + 64
    }

    /// Compresses a part of a raw deflate stream so that the next part can follow on a byte's border (Z_SYNC_FLUSH), or
    /// ends the stream.
    /// - Parameters:
    ///   - dictionary: the up to 32 KiB that stand before the part: what repeats them is found as in one piece.
    ///   - target: of at least `largestDeflatedByteCount` bytes.
    /// - Returns: the number of bytes written.
    package static func deflate(
        _ part: UnsafeRawBufferPointer, after dictionary: UnsafeRawBufferPointer, isLast: Bool, level: Int32,
        into target: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Int {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard deflateInit2_(&stream, level, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
        else {
            throw CompressionError(.inputOutput, "zlib has no memory for a stream")
        }
        defer { deflateEnd(&stream) }
        if dictionary.count > 0 {
            deflateSetDictionary(&stream, dictionary.bindMemory(to: UInt8.self).baseAddress, UInt32(dictionary.count))
        }
        stream.next_in = UnsafeMutablePointer(mutating: part.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = UInt32(part.count)
        stream.next_out = target.bindMemory(to: UInt8.self).baseAddress
        stream.avail_out = UInt32(target.count)
        let result = CZlib.deflate(&stream, isLast ? Z_FINISH : Z_SYNC_FLUSH)
        // Z_SYNC_FLUSH is done only if room was left (zlib.h, deflate).
        guard result == (isLast ? Z_STREAM_END : Z_OK), stream.avail_in == 0, isLast || stream.avail_out > 0 else {
            throw CompressionError(
                .inputOutput, "zlib could not compress a part of \(part.count) bytes (zlib error \(result))")
        }
        return target.count - Int(stream.avail_out)
    }

    /// Decompresses a raw deflate stream (zip's method 8) that must fill `target` exactly and end where `source` ends.
    package static func inflate(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer)
        throws(CompressionError)
    {
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
                stream.next_in = source.baseAddress.map {
                    UnsafeMutablePointer(mutating: ($0 + taken).assumingMemoryBound(to: UInt8.self))
                }
                stream.avail_in = UInt32(input)
                stream.next_out = room > 0 ? (target.baseAddress! + given).assumingMemoryBound(to: UInt8.self) : surplus
                stream.avail_out = UInt32(max(room, 1))
                let result = CZlib.inflate(&stream, Z_NO_FLUSH)
                taken += input - Int(stream.avail_in)
                given += max(room, 1) - Int(stream.avail_out)
                return result
            }
            guard given <= target.count else {
                throw CompressionError(
                    .damaged, "the compressed data go on after the \(target.count) bytes they should become")
            }
            switch result {
            case Z_STREAM_END:
                guard given == target.count, taken == source.count else {
                    throw CompressionError(
                        .damaged, "the compressed data become \(given) bytes, \(target.count) were stated")
                }
                return
            case Z_OK: continue
            case Z_BUF_ERROR:
                throw CompressionError(.truncated, "the compressed data end after \(given) of \(target.count) bytes")
            case Z_MEM_ERROR: throw CompressionError(.inputOutput, "zlib has no memory for a stream")
            default: throw CompressionError(.damaged, "the compressed data are damaged (zlib error \(result))")
            }
        }
    }
}

/// An opened file's bytes from the start, decompressed if it is gzipped (told by its content, not its name). Streams:
/// takes 256 KiB whatever the file's size. Not thread-safe.
package final class GzipReader {
    private let file: gzFile

    /// Reads through a descriptor of its own: `descriptor` stays the caller's, but its position moves.
    package init(descriptor: Int32) throws(CompressionError) {
        let own = dup(descriptor)
        guard own >= 0, let file = gzdopen(own, "rb") else {
            let reason = String(cString: strerror(errno))
            if own >= 0 { close(own) }
            throw CompressionError(.inputOutput, "the file cannot be read: \(reason)")
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
        if let failure = Self.failure(code) { throw failure }
    }

    /// What zlib's code says of a file that is read; nil: nothing is wrong with it.
    package static func failure(_ code: Int32) -> CompressionError? {
        switch code {
        case Z_OK, Z_STREAM_END: nil
        case Z_BUF_ERROR: CompressionError(.truncated, "the gzip stream ends too early: the file is cut off")
        case Z_DATA_ERROR: CompressionError(.damaged, "the gzip stream is damaged (zlib: data error)")
        case Z_ERRNO: CompressionError(.inputOutput, "the file cannot be read (input/output error)")
        case Z_MEM_ERROR: CompressionError(.inputOutput, "the file cannot be read: zlib has no memory for its stream")
        default: CompressionError(.damaged, "the gzip stream cannot be read (zlib error \(code))")
        }
    }
}
