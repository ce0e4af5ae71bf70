extension DICOMObject.Item {
    /// All values with backslashes between, as Unicode, without padding; nil where absent or empty.
    ///
    /// The character set is the item's own, or else the object's (PS3.3 C.12.1.1.2).
    package func text(_ tag: AttributeTag) -> String? {
        guard let bytes = bytes(tag), !bytes.isEmpty else { return nil }
        let text = Self.unicode(bytes, characterSet: characterSet)
        let trimmed = Self.trimmed(text)
        return trimmed.isEmpty ? nil : trimmed
    }

    /// Values of a text attribute, each without padding; empty where absent.
    package func texts(_ tag: AttributeTag) -> [String] {
        text(tag)?.split(separator: "\\", omittingEmptySubsequences: false).map { Self.trimmed($0) } ?? []
    }

    private var characterSet: String {
        let tag = AttributeTag.specificCharacterSet
        let own = bytes(tag) ?? root.bytes(tag) ?? []
        return String(decoding: own, as: UTF8.self)
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let isPadding = { (character: Character) in character == " " || character == "\0" }
        var rest = text.drop(while: isPadding)
        while let last = rest.last, isPadding(last) { rest.removeLast() }
        return String(rest)
    }
}
