import Faults
import Files
import Foundation
import Threads

/// A file that is written gzipped or plain. Not thread-safe; blocks.
///
/// Gzipped, the bytes are one member of one deflate stream (RFC 1952), as browsers' and JavaScript's readers need it
/// too, which stop at a second member. Its blocks are compressed in parallel: each knows the 32 KiB before it and ends
/// on a byte's border, so that they can be put behind one another:
/// ```
///  header │ block 0 ──sync│ block 1 ──sync│ … │ last block ──end│ CRC-32, length
///             └─32 KiB────────┘ └─32 KiB───┘      dictionaries
/// ```
/// Blocks begin at multiples of `blockByteCount`, and header and trailer tell neither time nor name: equal contents
/// give equal bytes, whatever the number of threads and however the contents are handed over.
package final class GzipWriter {
    /// Which of zlib's levels. Measured with zlib 1.2.13 on one core; reading takes the same time for all.
    package enum Effort: Int32, Sendable {
        /// For images: noise does not repeat. CT (int16) at 84 MB/s to 51.4 %; level 2 makes 73 MB/s and 51.0 %, 4 49
        /// MB/s and 50.2 %, the usual 6 17 MB/s and 50.2 %.
        case fast = 1
        /// For label maps: at 300 MB/s to 0.4 %, where level 1 makes 740 MB/s and 1 %, 9 80 MB/s and no less.
        case thorough = 6
    }

    private static let blockByteCount = 1 << 19
    private static let dictionaryByteCount = 1 << 15

    private var file: FileDescriptor?
    private let blocks: DeflateBlocks?
    /// A block's dictionary, then what is to be compressed.
    private let buffer: UnsafeMutableRawBufferPointer
    /// Bytes of `buffer` that are a dictionary, and bytes behind them that wait.
    private var (before, waiting) = (0, 0)
    private var crc: UInt32 = 0
    private var total = 0

    /// - Parameter effort: nil writes the file plain.
    package init(path: String, gzip effort: Effort?) throws(CompressionError) {
        do throws(SystemFailure) {
            file = try FileDescriptor(path, O_WRONLY | O_CREAT | O_TRUNC)
        } catch {
            throw CompressionError(.inputOutput, "the file cannot be created: \(error.reason)")
        }
        guard let effort else {
            (blocks, buffer) = (nil, .init(start: nil, count: 0))
            return
        }
        let atOnce = min(max(4 * ComputePool.shared.threads, 8), 64)
        blocks = DeflateBlocks(count: atOnce, blockByteCount: Self.blockByteCount, level: effort.rawValue)
        buffer = .allocate(byteCount: Self.dictionaryByteCount + atOnce * Self.blockByteCount, alignment: 64)
        // Method 8, no flags, no time, whether the method is the fastest, system "unknown".
        try put([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, effort == .fast ? 4 : 0, 255])
    }

    deinit { buffer.deallocate() }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(CompressionError) {
        guard let blocks else { return try put(bytes) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let taken = min(rest.count, blocks.byteCount - waiting)
            UnsafeMutableRawBufferPointer(rebasing: buffer[(before + waiting)...]).copyBytes(from: rest.prefix(taken))
            waiting += taken
            rest = rest.dropFirst(taken)
            // The last block must be known as such: full blocks wait until more comes.
            if waiting == blocks.byteCount, !rest.isEmpty { try compress(isLast: false) }
        }
    }

    /// Writes what is left. The writer takes nothing more.
    package func close() throws(CompressionError) {
        if blocks != nil {
            try compress(isLast: true)
            let trailer = UInt64(crc) | UInt64(UInt32(truncatingIfNeeded: total)) << 32
            try put((0..<8).map { UInt8(truncatingIfNeeded: trailer >> ($0 * 8)) })
        }
        do throws(SystemFailure) {
            try file.take()?.close()
        } catch {
            throw Self.failure(error)
        }
    }

    private func compress(isLast: Bool) throws(CompressionError) {
        guard let blocks else { return }
        let input = UnsafeRawBufferPointer(rebasing: buffer[..<(before + waiting)])
        crc = try blocks.compress(input, dictionaryByteCount: before, isLast: isLast, crc: crc) {
            part throws(CompressionError) in
            try put(part)
        }
        total += waiting
        let kept = UnsafeRawBufferPointer(rebasing: input.suffix(Self.dictionaryByteCount))
        buffer.copyMemory(from: kept)
        (before, waiting) = (kept.count, 0)
    }

    private func put(_ bytes: UnsafeRawBufferPointer) throws(CompressionError) {
        do throws(SystemFailure) {
            try file?.write(bytes)
        } catch {
            throw Self.failure(error)
        }
    }

    private func put(_ bytes: [UInt8]) throws(CompressionError) {
        let result = bytes.withUnsafeBytes { bytes in Result { () throws(CompressionError) in try put(bytes) } }
        try result.get()
    }

    private static func failure(_ failure: SystemFailure) -> CompressionError {
        CompressionError(.inputOutput, "the file cannot be written: \(failure.reason)")
    }
}
