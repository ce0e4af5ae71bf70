import DICOMDictionary
import Anatomy
import DICOMObjects
import Faults

/// The segments of an object, and the voxel values they get.
struct DescribedSegments {
    /// By segment number.
    private(set) var values: [Int: UInt8] = [:]
    private(set) var segments: [Segment] = []
    private(set) var unknown: [String] = []
    /// One sentence each.
    private(set) var assumptions: [String] = []

    init(_ dataset: DICOMObject.Item, labelSet: LabelSet?) throws(SegmentationObjectError) {
        var byLabel: [String] = []
        for item in dataset.items(SegmentationTags.segments) {
            guard let number = item.numbers(SegmentationTags.segmentNumber)?.first.flatMap({ Int(exactly: $0) }) else {
                throw SegmentationObjectError(.missingAttribute, "a segment has no number")
            }
            // Number 0 is what label maps call background.
            if number == 0 { continue }
            let text = item.text(SegmentationTags.segmentLabel)
            let coded = Self.concept(SegmentationTags.propertyType, item)
            let named = Self.vertebra(coded, text)
            guard let type = coded ?? named.flatMap(AnatomicalCodes.concept) else {
                throw SegmentationObjectError(
                    .missingAttribute, "segment \(number) has no property type, and no vertebra's name for a label")
            }
            let label = text ?? type.meaning
            guard let value = labelSet.map({ set in named.flatMap { set.value(of: $0) } }) ?? UInt8(exactly: number),
                value > 0
            else {
                guard labelSet != nil else {
                    throw SegmentationObjectError(
                        .tooLarge, "a label map has values up to 255, got segment number \(number)")
                }
                unknown.append(label)
                values[number] = 0
                continue
            }
            if labelSet != nil, let named {
                let code = coded.flatMap(AnatomicalCodes.name)
                if code == nil { byLabel.append(named) }
                if let code, let other = text.flatMap(VertebraName.init), other.name != code {
                    assumptions.append(
                        "segment \(number) is called \(other.name) by its label and \(code) by its code: it was taken for \(code)"
                    )
                }
            }
            let colour = item.numbers(SegmentationTags.displayColour).flatMap { numbers in
                let exact = numbers.compactMap { UInt16(exactly: $0) }
                return exact.count == 3 ? Colour(dicomCIELab: exact) : nil
            }
            values[number] = value
            let category = Self.concept(SegmentationTags.propertyCategory, item) ?? AnatomicalCodes.category
            segments.append(Segment(value: value, label: label, category: category, type: type, colour: colour))
        }
        guard !values.isEmpty else {
            throw SegmentationObjectError(.missingAttribute, "the segmentation describes no segment")
        }
        if !byLabel.isEmpty {
            assumptions.append(
                "\(byLabel.joined(separator: ", ")) known by the segments' labels only: their codes name no vertebra")
        }
    }

    /// By the code, or by the label where the code leaves the name open.
    private static func vertebra(_ type: CodedConcept?, _ label: String?) -> String? {
        if let name = type.flatMap(AnatomicalCodes.name) { return name }
        guard let parsed = label.flatMap(VertebraName.init) else { return nil }
        return parsed.saysVertebra || type.map(AnatomicalCodes.isGeneral) ?? true ? parsed.name : nil
    }

    private static func concept(_ tag: AttributeTag, _ item: DICOMObject.Item) -> CodedConcept? {
        guard let code = item.items(tag).first, let value = code.text(.codeValue), let scheme = code.text(.codingScheme)
        else { return nil }
        return CodedConcept(scheme: scheme, value: value, meaning: code.text(.codeMeaning) ?? value)
    }
}
