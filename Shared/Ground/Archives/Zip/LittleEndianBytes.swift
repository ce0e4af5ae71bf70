import Foundation

/// Numbers at offsets of a part of a file; nil outside of it.
struct LittleEndianBytes {
    let data: Data
    /// Where the part begins in the file; offsets count from the file's start.
    let start: Int
    var end: Int { start + data.count }

    init(_ data: Data, start: Int) {
        self.data = data
        self.start = start
    }

    func uint16(_ offset: Int) -> UInt16? { number(offset) }
    func uint32(_ offset: Int) -> UInt32? { number(offset) }
    /// As `Int`; nil also where it is too large for one.
    func uint64(_ offset: Int) -> Int? { (number(offset) as UInt64?).flatMap { Int(exactly: $0) } }

    func bytes(_ offset: Int, _ length: Int) -> [UInt8]? {
        guard offset >= start, length >= 0, offset <= end - length else { return nil }
        let first = data.startIndex + offset - start
        return [UInt8](data[first..<first + length])
    }

    /// A run of bytes, whose offsets count from the file's start too.
    func part(_ offset: Int, _ length: Int) -> LittleEndianBytes? {
        guard offset >= start, length >= 0, offset <= end - length else { return nil }
        let first = data.startIndex + offset - start
        return LittleEndianBytes(data[first..<first + length], start: offset)
    }

    private func number<Number: FixedWidthInteger>(_ offset: Int) -> Number? {
        let width = MemoryLayout<Number>.size
        guard offset >= start, offset <= end - width else { return nil }
        return data.withUnsafeBytes {
            Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset - start, as: Number.self))
        }
    }
}
