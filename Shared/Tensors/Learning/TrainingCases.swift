package import Volumes

/// One labelled case, network-ready: image and labels on one grid.
package struct TrainingCase: Sendable {
    package let image: Volume<Float>
    package let label: Volume<UInt8>

    package init(image: Volume<Float>, label: Volume<UInt8>) {
        self.image = image
        self.label = label
    }

    var bytes: Int { image.voxels.count * 4 + label.voxels.count }
}

/// The cases to learn from, loaded when they are needed. The same index must always give the same case: the result
/// depends on it.
package protocol TrainingCases: Sendable {
    var count: Int { get }

    /// Called from the training thread, possibly several times for one index.
    func load(_ index: Int) throws -> TrainingCase
}

/// Cases that are in memory already.
package struct CasesInMemory: TrainingCases {
    private let cases: [TrainingCase]

    package init(_ cases: [TrainingCase]) { self.cases = cases }

    package var count: Int { cases.count }

    package func load(_ index: Int) throws -> TrainingCase { cases[index] }
}
