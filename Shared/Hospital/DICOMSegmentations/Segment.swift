package import Anatomy

/// One segment: the voxels of one value in a label map.
package struct Segment: Sendable, Hashable, Codable {
    /// The voxel value, 1…255.
    package var value: UInt8
    /// For people: the vertebra's name.
    package var label: String
    package var category: CodedConcept
    package var type: CodedConcept
    package var colour: Colour?

    package init(value: UInt8, label: String, category: CodedConcept, type: CodedConcept, colour: Colour?) {
        self.value = value
        self.label = label
        self.category = category
        self.type = type
        self.colour = colour
    }

    /// The segments of a label set with their SNOMED CT codes and display colours.
    package static func segments(of labelSet: LabelSet) -> [Segment] {
        labelSet.labels.compactMap { label in
            AnatomicalCodes.concept(of: label.name).map {
                Segment(
                    value: label.value, label: label.name, category: AnatomicalCodes.category, type: $0,
                    colour: label.colour)
            }
        }
    }
}
