import JobEngine

/// The cases on which versions of a model are held against each other, with the bytes that each is made of.
package struct JudgingCases: Sendable, Equatable, Codable {
    /// CT and truth, by the case's name. Prepared anew, a case stays the same.
    private let sources: [String: [ContentAddress]]

    /// Of a data set's split.
    package init(of snapshot: DataSetSnapshot, split: String) {
        let cases = snapshot.cases.filter { $0.split == split }
        sources = Dictionary(
            cases.map { ($0.name, [$0.volume.address, $0.truth.address]) }, uniquingKeysWith: { first, _ in first })
    }

    package init(from decoder: any Decoder) throws {
        sources = try decoder.singleValueContainer().decode([String: [ContentAddress]].self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(sources)
    }

    package var count: Int { sources.count }

    /// What was otherwise before, in words with names; nil: nothing.
    package func changes(since former: JudgingCases) -> String? {
        func named(_ names: some Sequence<String>) -> [String] { names.sorted() }
        let (now, before) = (Set(sources.keys), Set(former.sources.keys))
        let changes = [
            ("replaced", named(now.intersection(before).filter { sources[$0] != former.sources[$0] })),
            ("new", named(now.subtracting(before))), ("gone", named(before.subtracting(now))),
        ]
        let words = changes.filter { !$0.1.isEmpty }.map { kind, names in
            "\(names.count) \(kind): \(names.prefix(3).joined(separator: ", "))\(names.count > 3 ? " …" : "")"
        }
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }
}
