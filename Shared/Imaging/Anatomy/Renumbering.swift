/// What becomes of a label map's numbers in a label set, and what of it is lost.
///
/// A vertebra that the set does not have (L6, T13) becomes background, and a model learns that it is: whoever takes the
/// map must be told. A number that the numbering does not know says that the map is numbered otherwise, and is refused.
package struct Renumbering: Sendable {
    /// A label of the map whose voxels become background.
    package struct Loss: Sendable, Hashable {
        package let id: Int
        /// What the numbering calls it; nil for what is no part of the spine there, such as organs.
        package let name: String?
        package let voxels: Int

        package init(id: Int, name: String?, voxels: Int) {
            (self.id, self.name, self.voxels) = (id, name, voxels)
        }
    }

    package let labelSet: LabelSet
    /// The label set's value for each number 0…255.
    package let table: [UInt8]
    /// By number; empty for most maps.
    package let losses: [Loss]
    /// How many voxels of S1 count as sacrum.
    package let firstSegmentVoxels: Int

    /// - Parameter voxels: how many voxels of the map have each number 0…255.
    /// Throws for numbers that the numbering does not know, and where nothing but background would be left of a map
    /// that has labels.
    package init(
        _ numbering: Numbering, to labelSet: LabelSet, sacrum: SacrumExtent = .withS1, voxels: [Int]
    ) throws(NumberingError) {
        precondition(voxels.count == 256, "a label map has 256 counts, got \(voxels.count)")
        let present = (1...255).filter { voxels[$0] > 0 }
        // Nothing is asked to be left out where the map is said to be the set's.
        let known = numbering == .columna ? 0...Int(labelSet.highestValue) : numbering.ids
        let strangers = present.filter { !known.contains($0) }
        guard strangers.isEmpty else {
            throw NumberingError(
                .unknownLabels, numbering, labelSet, strangers, voxels: strangers.reduce(0) { $0 + voxels[$1] },
                present: present)
        }
        let (table, names) = (numbering.table(to: labelSet, sacrum: sacrum), numbering.names)
        let lost = present.filter { table[$0] == 0 }
        guard lost.count < present.count || lost.isEmpty else {
            throw NumberingError(
                .nothingLeft, numbering, labelSet, lost, voxels: lost.reduce(0) { $0 + voxels[$1] }, present: present)
        }
        losses = lost.map { Loss(id: $0, name: names[$0], voxels: voxels[$0]) }
        let segments = names.filter { $0.value == "S1" && table[$0.key] != 0 }.keys
        firstSegmentVoxels = segments.reduce(0) { $0 + voxels[$1] }
        self.table = table
        self.labelSet = labelSet
    }
}

extension [Renumbering.Loss] {
    /// `L6 (50 voxels), 3 labels that are no vertebrae`: for where there is little room; nil where nothing is lost.
    package var shortPhrase: String? {
        let named = compactMap { loss in loss.name.map { "\($0) (\(loss.voxels) voxels)" } }
        let parts = named + (strangers.isEmpty ? [] : [Self.count(strangers)])
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private var strangers: Self { filter { $0.name == nil } }

    private static func count(_ strangers: Self) -> String {
        "\(strangers.count) \(strangers.count == 1 ? "label that is no vertebra" : "labels that are no vertebrae")"
    }

    /// `L6 (label 25, 50 voxels) and 3 labels that are no vertebrae (1, 2, 7; 1200 voxels)`; nil where nothing is lost.
    package var phrase: String? {
        let named = compactMap { loss in loss.name.map { "\($0) (label \(loss.id), \(loss.voxels) voxels)" } }
        let others = strangers
        let organs =
            others.isEmpty
            ? []
            : [
                "\(Self.count(others)) (\(others.prefix(5).map { "\($0.id)" }.joined(separator: ", "))\(others.count > 5 ? " …" : ""); \(others.reduce(0) { $0 + $1.voxels }) voxels)"
            ]
        let parts = named + organs
        guard let last = parts.last else { return nil }
        return parts.count == 1 ? last : parts.dropLast().joined(separator: ", ") + " and " + last
    }
}
