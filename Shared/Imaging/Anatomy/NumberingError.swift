package import Faults

/// A label map that is not numbered as it was said to be.
package struct NumberingError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        /// Numbers that the numbering does not use.
        case unknownLabels = "unknown-labels"
        /// Every label would become background.
        case nothingLeft = "nothing-left"
    }

    package let code: Code
    package let description: String
    /// Numberings in which every label of the map is a part of the spine.
    package let candidates: [Numbering]

    init(_ code: Code, _ numbering: Numbering, _ labelSet: LabelSet, _ labels: [Int], voxels: Int, present: [Int]) {
        self.code = code
        candidates = Numbering.allCases.filter { other in
            let (names, table) = (other.names, other.table(to: labelSet))
            return other != numbering && present.allSatisfy { names[$0] != nil } && present.contains { table[$0] != 0 }
        }
        let name = numbering == .columna ? labelSet.name : numbering.rawValue
        let list =
            "\(labels.count == 1 ? "label" : "labels") \(labels.prefix(5).map { "\($0)" }.joined(separator: ", "))\(labels.count > 5 ? " …" : "")"
        let fact =
            switch code {
            case .unknownLabels:
                "the label map has \(voxels) voxels of \(list), expected 0 to \(numbering == .columna ? Int(labelSet.highestValue) : numbering.ids.upperBound) of \(name)"
            case .nothingLeft:
                "none of the label map's labels (\(list)) is a vertebra of \(name) that \(labelSet.name) has: only background would be left"
            }
        description =
            fact
            + (candidates.isEmpty
                ? ""
                : "; \(candidates.map(\.rawValue).joined(separator: ", ")) \(candidates.count == 1 ? "has" : "have") all of them")
    }

    package var fullCode: String { "label-unknown" }
    package var blame: Blame { .input }
}
