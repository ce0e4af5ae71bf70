/// Group and element of a DICOM attribute.
package struct AttributeTag: Sendable, Hashable, Comparable {
    package let group: UInt16
    package let element: UInt16

    package init(_ group: UInt16, _ element: UInt16) {
        self.group = group
        self.element = element
    }

    /// Nil unless `digits` are eight hexadecimal digits, as `00100010`.
    package init?(digits: some StringProtocol) {
        guard digits.utf8.count == 8, let number = UInt32(digits, radix: 16) else { return nil }
        self.init(UInt16(number >> 16), UInt16(number & 0xffff))
    }

    /// Odd groups are the manufacturers'.
    package var isPrivate: Bool { !group.isMultiple(of: 2) }

    /// Eight hexadecimal digits, as `00100010`.
    package var digits: String {
        let text = String(UInt32(group) << 16 | UInt32(element), radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }

    package static func < (one: AttributeTag, other: AttributeTag) -> Bool {
        (one.group, one.element) < (other.group, other.element)
    }
}

extension AttributeTag: CustomStringConvertible {
    /// `(0010,0010)`
    package var description: String { "(\(digits.prefix(4)),\(digits.suffix(4)))" }
}
