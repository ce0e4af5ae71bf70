import DICOMDictionary
import DICOMObjects
import Foundation

/// Writes DICOM objects byte by byte (PS3.5, 7.1 and PS3.10, 7.1), so that they can hold what no library would write.
struct RawObject {
    private(set) var bytes: [UInt8] = []
    var isExplicit = true

    static func tag(_ number: UInt32) -> AttributeTag { AttributeTag(UInt16(number >> 16), UInt16(number & 0xffff)) }

    /// In Latin-1.
    mutating func text(_ tag: UInt32, _ representation: String, _ text: String) {
        value(
            tag, representation, text.unicodeScalars.map { UInt8($0.value) }, padding: representation == "UI" ? 0 : 0x20
        )
    }

    mutating func value(_ tag: UInt32, _ representation: String, _ value: [UInt8], padding: UInt8 = 0) {
        let value = value.count.isMultiple(of: 2) ? value : value + [padding]
        header(tag, representation, UInt32(value.count))
        bytes += value
    }

    mutating func append(_ encoded: [UInt8]) { bytes += encoded }

    /// A sequence of items, of known or of undefined length.
    mutating func sequence(_ tag: UInt32, _ items: [RawObject], isUndefined: Bool = true, representation: String = "SQ")
    {
        var content: [UInt8] = []
        for item in items {
            content +=
                Self.little(0xfffe, 2) + Self.little(0xe000, 2)
                + Self.little(isUndefined ? 0xffff_ffff : UInt32(item.bytes.count), 4) + item.bytes
            if isUndefined { content += Self.little(0xfffe, 2) + Self.little(0xe00d, 2) + Self.little(0, 4) }
        }
        if isUndefined { content += Self.little(0xfffe, 2) + Self.little(0xe0dd, 2) + Self.little(0, 4) }
        header(tag, representation, isUndefined ? 0xffff_ffff : UInt32(content.count))
        bytes += content
    }

    private mutating func header(_ tag: UInt32, _ representation: String, _ length: UInt32) {
        bytes += Self.little(tag >> 16, 2) + Self.little(tag & 0xffff, 2)
        guard isExplicit else { return bytes += Self.little(length, 4) }
        bytes += Array(representation.utf8)
        let isLong = ["OB", "OW", "SQ", "UC", "UN", "UR", "UT"].contains(representation)
        bytes += isLong ? [0, 0] + Self.little(length, 4) : Self.little(length, 2)
    }

    /// The object as a file: `preamble` of 128 bytes, meta header, dataset.
    func write(
        to file: URL, sopClass: String, instance: String, preamble: String = "",
        meta extra: (inout RawObject) -> Void = { _ in }
    ) throws {
        var meta = RawObject()
        meta.value(0x0002_0001, "OB", [0, 1])
        meta.text(0x0002_0002, "UI", sopClass)
        meta.text(0x0002_0003, "UI", instance)
        meta.text(0x0002_0010, "UI", isExplicit ? "1.2.840.10008.1.2.1" : "1.2.840.10008.1.2")
        meta.text(0x0002_0012, "UI", "1.2.3")
        extra(&meta)
        var group = RawObject()
        group.value(0x0002_0000, "UL", Self.little(UInt32(meta.bytes.count), 4))
        let start = Array(preamble.utf8) + [UInt8](repeating: 0, count: 128 - preamble.utf8.count) + Array("DICM".utf8)
        try Data(start + group.bytes + meta.bytes + bytes).write(to: file)
    }

    static func little(_ value: UInt32, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 0xff) } }
}
