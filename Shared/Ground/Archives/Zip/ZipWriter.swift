package import Foundation

/// Makes a zip archive of stored entries whose data begin on multiples of 64 bytes, as `torch.save` lays them out so
/// that they can be mapped. No times: equal content gives equal bytes.
package struct ZipWriter {
    package private(set) var data = Data()
    private var directory = Data()
    private var count = 0

    private static let alignment = 64
    /// The extra field torch pads with.
    private static let paddingKind: UInt16 = 0x4246
    /// Names in UTF-8.
    private static let flags: UInt16 = 1 << 11
    /// 1 January 1980.
    private static let date: UInt16 = 1 << 5 | 1

    package init() {}

    /// - Throws: `tooLarge` when the archive would pass four gigabytes.
    package mutating func add(_ name: String, _ content: Data) throws(ZipError) {
        let header = data.count
        let checksum = content.withUnsafeBytes { Zlib.crc32($0) }
        let start = header + 30 + name.utf8.count + 4
        let padding = (Self.alignment - start % Self.alignment) % Self.alignment
        guard start + padding + content.count < Int(UInt32.max) - 1 << 20, count < Int(UInt16.max) - 1 else {
            throw ZipError(.tooLarge, "it would pass the four gigabytes and 65535 entries of a plain zip archive")
        }
        var facts = Data()
        for value in [20, Self.flags, 0, 0, Self.date] { Self.append(value, to: &facts) }
        for value in [checksum, UInt32(content.count), UInt32(content.count)] { Self.append(value, to: &facts) }
        Self.append(UInt16(name.utf8.count), to: &facts)

        Self.append(UInt32(0x0403_4B50), to: &data)
        data.append(facts)
        Self.append(UInt16(4 + padding), to: &data)
        data.append(contentsOf: name.utf8)
        Self.append(Self.paddingKind, to: &data)
        Self.append(UInt16(padding), to: &data)
        data.append(Data(count: padding))
        data.append(content)

        Self.append(UInt32(0x0201_4B50), to: &directory)
        Self.append(UInt16(20), to: &directory)
        directory.append(facts)
        // No extra field, no comment, first disk, no attributes.
        directory.append(Data(count: 12))
        Self.append(UInt32(header), to: &directory)
        directory.append(contentsOf: name.utf8)
        count += 1
    }

    /// The whole archive.
    package mutating func finished() -> Data {
        let start = data.count
        data.append(directory)
        Self.append(UInt32(0x0605_4B50), to: &data)
        Self.append(UInt32(0), to: &data)
        for _ in 0..<2 { Self.append(UInt16(count), to: &data) }
        Self.append(UInt32(directory.count), to: &data)
        Self.append(UInt32(start), to: &data)
        Self.append(UInt16(0), to: &data)
        return data
    }

    private static func append<Number: FixedWidthInteger>(_ value: Number, to data: inout Data) {
        withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
    }
}
