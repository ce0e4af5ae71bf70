import Faults
import Foundation

/// Reads little-endian numbers and runs of bytes one after the other. Every step is checked against the end: release
/// builds do not check unsafe buffers. Valid only as long as the buffer.
struct ByteCursor {
    let bytes: UnsafeRawBufferPointer
    private(set) var position: Int
    /// The code of the error when something is missing.
    let code: PyTorchFileError.Code

    init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0, code: PyTorchFileError.Code) throws {
        guard (0...bytes.count).contains(position) else {
            throw PyTorchFileError(
                code, "the file is torn: something is said to be at byte \(position) of \(bytes.count)")
        }
        self.bytes = bytes
        self.position = position
        self.code = code
    }

    var remaining: Int { bytes.count - position }

    mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
        guard count >= 0, count <= remaining else {
            throw PyTorchFileError(
                code, "the file is torn: \(count) bytes are needed at byte \(position) of \(bytes.count)")
        }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    mutating func integer<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) throws -> Number {
        Number(littleEndian: try take(MemoryLayout<Number>.size).loadUnaligned(as: Number.self))
    }

    mutating func byte() throws -> UInt8 { try integer(UInt8.self) }

    /// A length or offset of eight bytes.
    mutating func count64() throws -> Int {
        let value = try integer(UInt64.self)
        guard let count = Int(exactly: value) else {
            throw PyTorchFileError(code, "the file is torn: it states a size of \(value) bytes")
        }
        return count
    }

    /// The bytes up to the next line feed, which is skipped.
    mutating func line() throws -> UnsafeRawBufferPointer {
        guard let end = bytes[position...].firstIndex(of: 0x0A) else {
            throw PyTorchFileError(
                code, "the file is torn: a line without an end begins at byte \(position) of \(bytes.count)")
        }
        defer { position = end + 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<end])
    }
}
