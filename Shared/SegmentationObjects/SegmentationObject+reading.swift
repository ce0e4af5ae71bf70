package import Anatomy
import DICOMObjects
package import Foundation
package import Volumes

extension SegmentationObject {
    /// Reads a binary segmentation, or a label map segmentation of at most 8 bits.
    ///
    /// - Parameters:
    ///   - grid: where to lay it, usually the images' own. Frames must lie on its planes; planes without frames are background. When left
    ///     out, the grid is the smallest that holds all frames.
    ///   - labelSet: gives the values to vertebrae known by their SNOMED codes; other segments are left out and named. When left out, a
    ///     segment's number is its value.
    /// - Throws: `SegmentationObjectError` (every code from `notASegmentation` on), `DICOMObjectError`.
    package static func read(
        _ file: URL, on grid: Geometry? = nil, labelSet: LabelSet? = nil, overlap: SegmentationReading.Overlap = .refuse
    ) throws -> SegmentationReading {
        let object = try DICOMObject(file: file)
        let dataset = object.dataset
        let sopClass = dataset.text(.sopClass)
        guard sopClass == SegmentationTags.segmentationStorage || sopClass == SegmentationTags.labelMapStorage else {
            throw SegmentationObjectError(.notASegmentation, "the object is no DICOM segmentation: it is of another SOP class")
        }
        let type = dataset.text(SegmentationTags.segmentationType)
        guard type == "BINARY" || type == "LABELMAP" else {
            throw SegmentationObjectError(
                .unsupported, "segmentations of type \(type == "FRACTIONAL" ? "FRACTIONAL" : "unknown") are not read: export it as BINARY or LABELMAP")
        }
        let described = try DescribedSegments(dataset, labelSet: labelSet)
        let frames = try StoredFrames(dataset, isBinary: type == "BINARY")
        let target = try frames.grid(on: grid)
        try object.decompress()
        var painter = FramePainter(grid: target.frames, overlap: overlap, values: described.values)
        try painter.paint(frames, dataset)
        guard overlap != .refuse || painter.overlapCount == 0 else {
            throw SegmentationObjectError(
                .overlappingSegments,
                "\(painter.overlapCount) voxels belong to several segments, and a label map has one label a voxel: choose whose they are (--overlap lowest or highest)")
        }
        return SegmentationReading(
            labels: Volume(geometry: target.geometry, voxels: painter.voxels), segments: described.segments, unknownSegments: described.unknown,
            studyInstance: dataset.text(.studyInstance),
            sourceSeriesInstance: dataset.items(SegmentationTags.referencedSeries).first?.text(.seriesInstance),
            overlappingVoxelCount: painter.overlapCount)
    }
}

/// The segments of an object, and the voxel values they get.
private struct DescribedSegments {
    /// By segment number.
    private(set) var values: [Int: UInt8] = [:]
    private(set) var segments: [Segment] = []
    private(set) var unknown: [String] = []

    init(_ dataset: DICOMObject.Item, labelSet: LabelSet?) throws(SegmentationObjectError) {
        for item in dataset.items(SegmentationTags.segments) {
            guard let number = item.numbers(SegmentationTags.segmentNumber)?.first.flatMap({ Int(exactly: $0) }), let type = Self.concept(SegmentationTags.propertyType, item) else {
                throw SegmentationObjectError(.missingAttribute, "a segment has no number or no property type")
            }
            // Number 0 is what label maps call background.
            if number == 0 { continue }
            let label = item.text(SegmentationTags.segmentLabel) ?? type.meaning
            let known = labelSet.map { set in AnatomicalCodes.name(of: type).flatMap { set.value(of: $0) } } ?? UInt8(exactly: number)
            guard let value = known, value > 0 else {
                guard labelSet != nil else { throw SegmentationObjectError(.tooLarge, "a label map has values up to 255, got segment number \(number)") }
                unknown.append(label)
                values[number] = 0
                continue
            }
            let colour = item.numbers(SegmentationTags.displayColour).flatMap { numbers in
                let exact = numbers.compactMap { UInt16(exactly: $0) }
                return exact.count == 3 ? Colour(dicomCIELab: exact) : nil
            }
            values[number] = value
            let category = Self.concept(SegmentationTags.propertyCategory, item) ?? AnatomicalCodes.category
            segments.append(Segment(value: value, label: label, category: category, type: type, colour: colour))
        }
        guard !values.isEmpty else { throw SegmentationObjectError(.missingAttribute, "the segmentation describes no segment") }
    }

    private static func concept(_ tag: AttributeTag, _ item: DICOMObject.Item) -> CodedConcept? {
        guard let code = item.items(tag).first, let value = code.text(.codeValue), let scheme = code.text(.codingScheme) else { return nil }
        return CodedConcept(scheme: scheme, value: value, meaning: code.text(.codeMeaning) ?? value)
    }
}
