import Faults

/// A manufacturer's attribute by the name of its block, since the block's number differs from object to object (PS3.5,
/// 7.8.1).
package struct PrivateAttribute: Sendable, Hashable {
    package let creator: String
    package let group: UInt16
    /// The last two digits of the element, within the block.
    package let offset: UInt8

    package init(creator: String, group: UInt16, offset: UInt8) {
        self.creator = creator
        self.group = group
        self.offset = offset
    }

    /// From `CREATOR:GGGG,EE`, as `GEMS_PARM_01:0043,27`; nil for anything else, and for even groups.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex else { return nil }
        let numbers = text[text.index(after: colon)...].split(separator: ",", omittingEmptySubsequences: false)
        guard numbers.count == 2, numbers[0].count == 4, numbers[1].count == 2,
            let group = UInt16(numbers[0], radix: 16),
            let offset = UInt8(numbers[1], radix: 16), !group.isMultiple(of: 2)
        else { return nil }
        self.init(creator: String(text[..<colon]), group: group, offset: offset)
    }
}

extension PrivateAttribute: CustomStringConvertible {
    package var description: String {
        func digits(_ number: some BinaryInteger, _ count: Int) -> String {
            let text = String(number, radix: 16)
            return String(repeating: "0", count: count - text.count) + text
        }
        return "\(creator):\(digits(group, 4)),\(digits(offset, 2))"
    }
}

extension PrivateAttribute: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let attribute = PrivateAttribute(text) else {
            throw DeIdentificationError(
                .invalidPolicy,
                "a private attribute to keep is written CREATOR:GGGG,EE with an odd group, as GEMS_PARM_01:0043,27, got '\(text)'"
            )
        }
        self = attribute
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
