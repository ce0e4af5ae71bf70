import Foundation
import Threads

/// Blocks of one deflate stream, compressed side by side by the pool. The memory is taken once.
final class DeflateBlocks {
    /// Bytes that go into one call.
    let byteCount: Int
    private let blockByteCount: Int
    private static let dictionaryByteCount = 1 << 15
    private let level: Int32
    private let room: Int
    private let output: UnsafeMutableRawBufferPointer

    init(count: Int, blockByteCount: Int, level: Int32) {
        self.blockByteCount = blockByteCount
        self.level = level
        byteCount = count * blockByteCount
        room = Zlib.largestDeflatedByteCount(blockByteCount)
        output = .allocate(byteCount: count * room, alignment: 64)
    }

    deinit { output.deallocate() }

    private enum Result: Sendable {
        case done(byteCount: Int, crc: UInt32)
        case failed(CompressionError)
    }

    /// - Parameters:
    ///   - input: `dictionaryByteCount` bytes that were compressed before, then up to `byteCount` to compress, none
    ///     only for the last.
    ///   - crc: of everything compressed before.
    ///   - write: takes the compressed blocks in order.
    /// - Returns: the CRC-32 of everything up to here.
    func compress(
        _ input: UnsafeRawBufferPointer, dictionaryByteCount before: Int, isLast: Bool, crc: UInt32,
        write: (UnsafeRawBufferPointer) throws(CompressionError) -> Void
    ) throws(CompressionError) -> UInt32 {
        let size = input.count - before
        let count = max(1, (size + blockByteCount - 1) / blockByteCount)
        var results = [Result](repeating: .done(byteCount: 0, crc: 0), count: count)
        results.withUnsafeMutableBufferPointer { results in
            let shared = Shared(input: input, output: output, results: results)
            let (blockByteCount, room, level) = (blockByteCount, room, level)
            ComputePool.shared.forEach(count: count) { index in
                let first = before + index * blockByteCount
                let part = shared.input[first..<min(first + blockByteCount, shared.input.count)]
                let dictionary = shared.input[max(0, first - Self.dictionaryByteCount)..<first]
                let target = shared.output[index * room..<(index + 1) * room]
                do throws(CompressionError) {
                    let bytes = UnsafeRawBufferPointer(rebasing: part)
                    let written = try Zlib.deflate(
                        bytes, after: UnsafeRawBufferPointer(rebasing: dictionary),
                        isLast: isLast && index == count - 1, level: level,
                        into: UnsafeMutableRawBufferPointer(rebasing: target))
                    shared.results[index] = .done(byteCount: written, crc: Zlib.crc32(bytes))
                } catch {
                    shared.results[index] = .failed(error)
                }
            }
        }
        var crc = crc
        for (index, result) in results.enumerated() {
            switch result {
            case .failed(let error): throw error
            case .done(let written, let own):
                try write(UnsafeRawBufferPointer(rebasing: output[index * room..<index * room + written]))
                crc = Zlib.crc32(crc, then: own, ofByteCount: min(blockByteCount, size - index * blockByteCount))
            }
        }
        return crc
    }

    /// `@unchecked Sendable` holds because each iteration writes to its own block of `output`
    /// and its own result only, nobody writes `input`, and the call returns after all iterations.
    private struct Shared: @unchecked Sendable {
        let input: UnsafeRawBufferPointer
        let output: UnsafeMutableRawBufferPointer
        let results: UnsafeMutableBufferPointer<Result>
    }
}
