/// `NAME` or `NAME@VERSION`.
package struct ModelReference: Sendable, Equatable, CustomStringConvertible {
    /// The model that studies are segmented with when nobody names one.
    package static let defaultName = "spine"

    package var name: String
    /// Nil: the promoted version, or the newest.
    package var version: Int?

    /// - Throws: `JobFailure` of class `data`.
    package init(_ text: String) throws {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let isName = !parts[0].isEmpty && parts[0].utf8.count <= 63 && parts[0].utf8.allSatisfy(Self.isAllowed)
        let number = parts.count == 2 ? Int(parts[1]) : nil
        guard isName, parts.count == 1 || (number ?? 0) > 0 else {
            throw JobFailure(
                class: .data, code: "model-reference-malformed",
                reason: "a model is NAME or NAME@VERSION with NAME of a-z, 0-9, '-', '_' and VERSION from 1, got \(text.utf8.count) bytes of another form")
        }
        name = String(parts[0])
        version = number
    }

    package var description: String { version.map { "\(name)@\($0)" } ?? name }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
