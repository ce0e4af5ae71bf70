package import Volumes

/// One labelled case, network-ready: image and labels on one grid.
package struct TrainingCase: Sendable {
    package let image: Volume<Float>
    package let label: Volume<UInt8>

    package init(image: Volume<Float>, label: Volume<UInt8>) {
        self.image = image
        self.label = label
    }
}

/// The cases to learn from, loaded when they are needed. The same index must always give the same case: the result
/// depends on it.
package protocol TrainingCases: Sendable {
    /// Of generated cases those that are kept for validation, the first ones; any higher index is a case to learn from.
    var count: Int { get }

    /// Whether cases are made when they are asked for and never end: every crop is then of a case of its own.
    var areGenerated: Bool { get }

    /// Called from several threads at once, possibly several times for one index.
    func load(_ index: Int) throws -> TrainingCase
}

extension TrainingCases {
    package var areGenerated: Bool { false }
}

/// Cases that are in memory already.
package struct CasesInMemory: TrainingCases {
    private let cases: [TrainingCase]

    package init(_ cases: [TrainingCase]) { self.cases = cases }

    package var count: Int { cases.count }

    package func load(_ index: Int) throws -> TrainingCase { cases[index] }
}
