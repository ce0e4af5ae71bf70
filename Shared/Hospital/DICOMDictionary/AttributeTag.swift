import CDCMTK

/// Group and element of a DICOM attribute (PS3.6). The only file that imports the C module.
package struct AttributeTag: Sendable, Hashable, Comparable {
    package let group: UInt16
    package let element: UInt16

    package init(_ group: UInt16, _ element: UInt16) {
        self.group = group
        self.element = element
    }

    /// Group and element as one number.
    package init(code: UInt32) { self.init(UInt16(code >> 16), UInt16(code & 0xffff)) }

    /// Nil unless `digits` are eight hexadecimal digits, as `00100010`.
    package init?(digits: some StringProtocol) {
        guard digits.utf8.count == 8, let code = UInt32(digits, radix: 16) else { return nil }
        self.init(code: code)
    }

    /// Group and element as one number, as attributes are sorted.
    package var code: UInt32 { UInt32(group) << 16 | UInt32(element) }

    /// Odd groups are the manufacturers'.
    package var isPrivate: Bool { !group.isMultiple(of: 2) }

    /// Eight hexadecimal digits, as `00100010`.
    package var digits: String {
        let text = String(code, radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }

    /// `PixelSpacing (0028,0030)`, as DCMTK's dictionary calls it (`Unknown Tag & Data` where it has none).
    package var name: String {
        var bytes = [CChar](repeating: 0, count: 80)
        cdcmtk_keyword(group, element, &bytes, bytes.count)
        return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) + " \(self)"
    }

    package static func < (one: AttributeTag, other: AttributeTag) -> Bool { one.code < other.code }
}

extension AttributeTag: CustomStringConvertible {
    /// `(0010,0010)`
    package var description: String { "(\(digits.prefix(4)),\(digits.suffix(4)))" }
}
