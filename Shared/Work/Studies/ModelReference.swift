/// A model as it is named: `NAME`, its promoted version and no other, or `NAME@VERSION`.
package struct ModelReference: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    /// Letters, digits, `.`, `_`, `-`; 64 at most, the first a letter or a digit.
    package var name: String
    /// From 1. Nil: the promoted one; what a training left is meant only when it is named in full.
    package var version: Int?

    package init(name: String, version: Int? = nil) {
        self.name = name
        self.version = version
    }

    package init?(rawValue text: String) {
        guard let match = text.wholeMatch(of: /([A-Za-z0-9][A-Za-z0-9._-]{0,63})(?:@([1-9][0-9]{0,8}))?/) else {
            return nil
        }
        self.init(name: String(match.1), version: match.2.flatMap { Int($0) })
    }

    package var rawValue: String { version.map { "\(name)@\($0)" } ?? name }
    package var description: String { rawValue }
}
