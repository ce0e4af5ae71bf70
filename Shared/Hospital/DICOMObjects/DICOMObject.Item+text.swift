package import DICOMDictionary

extension DICOMObject.Item {
    /// All values with backslashes between, as Unicode, without padding; nil where absent or empty.
    ///
    /// Where the bytes are not of the character set each becomes the character of its number: good for telling values
    /// apart. What is shown or written anew asks `isUnicode` first.
    package func text(_ tag: AttributeTag) -> String? {
        guard let bytes = bytes(tag), !bytes.isEmpty else { return nil }
        let text = characterSet.text(bytes) ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        let trimmed = Self.trimmed(text)
        return trimmed.isEmpty ? nil : trimmed
    }

    /// Values of a text attribute, each without padding; empty where absent.
    package func texts(_ tag: AttributeTag) -> [String] {
        text(tag)?.split(separator: "\\", omittingEmptySubsequences: false).map { Self.trimmed($0) } ?? []
    }

    /// Whether the attribute's bytes are text of the character set.
    package func isUnicode(_ tag: AttributeTag) -> Bool { bytes(tag).map { characterSet.text($0) != nil } ?? true }

    /// The item's own, or else the object's (PS3.3 C.12.1.1.2).
    private var characterSet: SpecificCharacterSet {
        let tag = AttributeTag.specificCharacterSet
        return SpecificCharacterSet(String(decoding: bytes(tag) ?? root.bytes(tag) ?? [], as: UTF8.self))
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let isPadding = { (character: Character) in character == " " || character == "\0" }
        var rest = text.drop(while: isPadding)
        while let last = rest.last, isPadding(last) { rest.removeLast() }
        return String(rest)
    }
}
