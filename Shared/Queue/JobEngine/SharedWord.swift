/// A set of words that all programs of a system share: in the database, in messages and on command lines.
///
/// While a system is upgraded (or after it was rolled back), newer programs may have written words that this one does
/// not know. What is read from the store is kept as it is, as `unknown`: a row with such a word is listed, and its
/// lease, its retries and its cancellation go on. Where people and messages name a word (`init(rawValue:)`, `Codable`,
/// command lines), only known ones are taken.
package protocol SharedWord: RawRepresentable<String>, Hashable, Sendable, Codable, CaseIterable {
    static func unknown(_ word: String) -> Self
}

extension SharedWord {
    package init?(rawValue: String) {
        guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = known
    }

    /// A word as the store has it.
    package init(stored word: String) { self = Self(rawValue: word) ?? .unknown(word) }
}
