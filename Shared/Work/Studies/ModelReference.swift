import JobEngine

/// `NAME` or `NAME@VERSION`.
package struct ModelReference: Sendable, Equatable, CustomStringConvertible {
    package var name: String
    /// Nil: the promoted version, and no other: what a training left is meant only when it is named in full.
    package var version: Int?

    /// - Throws: `JobFailure` of class `data`.
    package init(_ text: String) throws {
        guard let match = text.wholeMatch(of: /([A-Za-z0-9][A-Za-z0-9._-]{0,63})(?:@([1-9][0-9]{0,8}))?/) else {
            throw JobFailure(
                class: .data, code: "model-reference-malformed",
                reason:
                    "a model is NAME or NAME@VERSION (NAME: letters, digits, '.', '_', '-'; VERSION: from 1), got \(text.utf8.count) bytes of another form"
            )
        }
        name = String(match.1)
        version = match.2.flatMap { Int($0) }
    }

    package var description: String { version.map { "\(name)@\($0)" } ?? name }
}
