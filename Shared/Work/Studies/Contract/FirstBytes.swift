import Files

/// What a body is that is not JSON, told by how it begins: "is not JSON" sends its sender to look at the JSON.
enum FirstBytes {
    /// What comes in messages and not in files.
    private static let kinds: [(prefix: [UInt8], name: String)] = [
        ([0x78, 0x01], "zlib (deflate)"), ([0x78, 0x5E], "zlib (deflate)"), ([0x78, 0x9C], "zlib (deflate)"),
        ([0x78, 0xDA], "zlib (deflate)"),
        ([0xFF, 0xFE], "UTF-16"), ([0xFE, 0xFF], "UTF-16"), ([0x7B, 0x00], "UTF-16"), ([0x00, 0x7B], "UTF-16"),
        (Array("MSH|".utf8), "an HL7 v2 message"), (Array("eyJ".utf8), "base64 of JSON"),
    ]

    /// Nil when the beginning says nothing.
    static func name(_ bytes: [UInt8]) -> String? {
        if bytes.isEmpty { return "nothing at all" }
        if let kind = kinds.first(where: { bytes.starts(with: $0.prefix) }) { return kind.name }
        switch FileKind(Array(bytes.prefix(FileKind.byteCount))) {
        case nil, .json, .text: return nil
        case .some(let kind): return kind.name
        }
    }
}
