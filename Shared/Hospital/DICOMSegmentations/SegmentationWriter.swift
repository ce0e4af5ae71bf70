import DICOMDictionary
import Anatomy
import DICOMObjects
import Foundation

/// Lays out the Segmentation IOD (PS3.3 A.51.3), module by module.
struct SegmentationWriter {
    let content: SegmentationContent
    let source: SourceSeries
    let algorithm: SegmentationAlgorithm
    let moment: ContentMoment
    let review: ReviewMark?
    let seriesNumber: Int
    let identifiers: SegmentationIdentifiers

    func write(to file: URL) throws -> SegmentationObject.Written {
        let object = try DICOMObject()
        let dataset = object.dataset
        try writeSource(dataset)
        try writeSeries(dataset)
        try writeImage(dataset)
        try writeSegments(dataset)
        try writeDimensions(dataset)
        try writeReferences(dataset)
        try writeSharedGroups(dataset)
        let planeNumbers = planeNumbers
        for frame in content.frames.frames {
            try writeGroups(
                of: frame, dataset.appendItem(SegmentationTags.perFrameGroups), planeNumbers[frame.plane, default: 1])
        }
        try dataset.set(.pixelData, bytes: content.frames.bits, representation: "OB")
        try object.write(to: file)
        return SegmentationObject.Written(
            sopInstance: identifiers.instance, seriesInstance: identifiers.series,
            frameCount: content.frames.frames.count,
            segments: content.segments,
            isOnSourceImages: content.frames.frames.allSatisfy { content.planes.matches[$0.plane].isSame },
            remarks: remarks)
    }

    private var remarks: [String] {
        let names = source.unwritable.map(\.name)
        return names.isEmpty
            ? []
            : [
                "the images' texts are of several character sets, and an object has one: the segmentation is without \(names.joined(separator: ", "))"
            ]
    }

    /// Patient, General Study, Patient Study: as the images have them, or not at all.
    private func writeSource(_ dataset: DICOMObject.Item) throws {
        // Texts that are not of the set the images name cannot be written in another; beside them all is ASCII, which
        // every set has.
        let set = source.encoded.map(\.characterSet) ?? "ISO_IR 192"
        if !set.isEmpty { try dataset.set(.specificCharacterSet, text: set) }
        for tag in SegmentationTags.copied {
            if let bytes = source.encoded?.values[tag.digits] {
                try dataset.set(tag, encodedText: bytes)
                continue
            }
            let value = source.text(tag)
            if value != nil || SegmentationTags.required.contains(tag) { try dataset.set(tag, text: value ?? "") }
        }
        try dataset.set(.studyInstance, text: source.studyInstance)
        try dataset.set(.frameOfReference, text: identifiers.frameOfReference)
        if source.attributes["00201040"] == nil { try dataset.set(AttributeTag(0x0020, 0x1040), text: "") }
    }

    /// SOP Common, Segmentation Series, Enhanced General Equipment.
    private func writeSeries(_ dataset: DICOMObject.Item) throws {
        try dataset.set(.sopClass, text: SOPClass.segmentation)
        try dataset.set(.sopInstance, text: identifiers.instance)
        try dataset.set(.modality, text: "SEG")
        try dataset.set(.seriesInstance, text: identifiers.series)
        try dataset.set(AttributeTag(0x0020, 0x0011), text: String(seriesNumber))
        let title = review == nil ? "Segmentation" : "NEEDS REVIEW: segmentation"
        try dataset.set(.seriesDescription, text: cut("\(title) by \(algorithm.name) \(algorithm.version)"))
        try dataset.set(AttributeTag(0x0008, 0x0021), text: moment.date)
        try dataset.set(AttributeTag(0x0008, 0x0031), text: moment.time)
        try dataset.set(AttributeTag(0x0008, 0x0070), text: "Columna")
        try dataset.set(AttributeTag(0x0008, 0x1090), text: cut(algorithm.name))
        // Required of all equipment; software has none.
        try dataset.set(AttributeTag(0x0018, 0x1000), text: "0")
        try dataset.set(
            AttributeTag(0x0018, 0x1020),
            text: [algorithm.software, algorithm.version].map { cut($0) }.joined(separator: "\\"))
    }

    /// General Image, Image Pixel, Segmentation Image, Multi-frame Functional Groups.
    private func writeImage(_ dataset: DICOMObject.Item) throws {
        let texts: [(AttributeTag, String)] = [
            (.imageType, "DERIVED\\PRIMARY"), (AttributeTag(0x0020, 0x0013), "1"),
            (AttributeTag(0x0008, 0x0023), moment.date), (AttributeTag(0x0008, 0x0033), moment.time),
            (AttributeTag(0x0070, 0x0080), "SEGMENTATION"),
            (AttributeTag(0x0070, 0x0081), review?.heading ?? "Automatic segmentation"),
            (AttributeTag(0x0070, 0x0084), ""), (AttributeTag(0x0028, 0x0004), "MONOCHROME2"),
            (AttributeTag(0x0028, 0x2110), "00"),
            (SegmentationTags.segmentationType, "BINARY"), (.numberOfFrames, String(content.frames.frames.count)),
        ]
        for (tag, text) in texts { try dataset.set(tag, text: text) }
        if let review { try dataset.set(AttributeTag(0x0020, 0x4000), text: plain(review.comments)) }
        // Newer than some dictionaries.
        try dataset.set(AttributeTag(0x0062, 0x0013), text: "NO", representation: "CS")
        let numbers: [(UInt16, Int)] = [
            (0x0002, 1), (0x0010, content.grid.rows), (0x0011, content.grid.columns), (0x0100, 1), (0x0101, 1),
            (0x0102, 0), (0x0103, 0),
        ]
        for (element, number) in numbers {
            try dataset.set(AttributeTag(0x0028, element), numbers: [Double(number)], representation: "US")
        }
    }

    private func writeSegments(_ dataset: DICOMObject.Item) throws {
        for (index, segment) in content.segments.enumerated() {
            let item = try dataset.appendItem(SegmentationTags.segments)
            try item.set(SegmentationTags.segmentNumber, numbers: [Double(index + 1)], representation: "US")
            try item.set(SegmentationTags.segmentLabel, text: cut(segment.label))
            if let description = review?.description(of: segment) {
                try item.set(SegmentationTags.segmentDescription, text: plain(description))
            }
            try item.set(SegmentationTags.algorithmType, text: "AUTOMATIC")
            try item.set(SegmentationTags.algorithmName, text: cut("\(algorithm.name) \(algorithm.version)"))
            try write(segment.category, SegmentationTags.propertyCategory, in: item)
            try write(segment.type, SegmentationTags.propertyType, in: item)
            if let colour = segment.colour {
                try item.set(
                    SegmentationTags.displayColour, numbers: colour.dicomCIELab.map(Double.init), representation: "US")
            }
            try item.set(AttributeTag(0x0062, 0x0020), text: cut(segment.label))
            try item.set(AttributeTag(0x0062, 0x0021), text: identifiers.tracking(segment))
            let made = try item.appendItem(AttributeTag(0x0062, 0x0007))
            try write(
                CodedConcept(scheme: "DCM", value: "123110", meaning: "Artificial Intelligence"),
                AttributeTag(0x0066, 0x002f), in: made)
            try made.set(AttributeTag(0x0066, 0x0031), text: cut(algorithm.version))
            try made.set(AttributeTag(0x0066, 0x0036), text: cut(algorithm.name))
            try made.set(AttributeTag(0x0024, 0x0202), text: cut(algorithm.software))
        }
    }

    /// Multi-frame Dimension: by segment, then by place.
    private func writeDimensions(_ dataset: DICOMObject.Item) throws {
        let organization = try dataset.appendItem(AttributeTag(0x0020, 0x9221))
        try organization.set(AttributeTag(0x0020, 0x9164), text: identifiers.dimensionOrganization)
        let pointers = [
            (SegmentationTags.referencedSegment, SegmentationTags.segmentIdentification, "Segment"),
            (AttributeTag.imagePosition, AttributeTag.planePosition, "Position"),
        ]
        for (attribute, group, label) in pointers {
            let item = try dataset.appendItem(AttributeTag(0x0020, 0x9222))
            try item.set(AttributeTag(0x0020, 0x9164), text: identifiers.dimensionOrganization)
            try item.set(AttributeTag(0x0020, 0x9165), text: attribute.description)
            try item.set(AttributeTag(0x0020, 0x9167), text: group.description)
            try item.set(AttributeTag(0x0020, 0x9421), text: label)
        }
    }

    /// Common Instance Reference: every instance that a frame refers to, once.
    private func writeReferences(_ dataset: DICOMObject.Item) throws {
        let series = try dataset.appendItem(SegmentationTags.referencedSeries)
        try series.set(.seriesInstance, text: source.seriesInstance)
        let images = Set(content.frames.frames.map { content.planes.matches[$0.plane].image }).sorted().map {
            source.images[$0]
        }
        var written: Set<String> = []
        for image in images where written.insert(image.sopInstance).inserted {
            let item = try series.appendItem(SegmentationTags.referencedInstances)
            try item.set(.referencedSOPClass, text: image.sopClass)
            try item.set(.referencedSOPInstance, text: image.sopInstance)
        }
    }

    // MARK: Functional groups

    private func writeSharedGroups(_ dataset: DICOMObject.Item) throws {
        let groups = try dataset.appendItem(SegmentationTags.sharedGroups)
        let isSame = zip(content.grid.orientation, source.orientation).allSatisfy { abs($0 - $1) < 1e-4 }
        let orientation = try groups.appendItem(.planeOrientation)
        try orientation.set(
            .imageOrientation, text: DecimalText.text(isSame ? source.orientation : content.grid.orientation))
        let measures = try groups.appendItem(.pixelMeasures)
        try measures.set(.pixelSpacing, text: DecimalText.text(content.grid.pixelSpacing.map(Self.rounded)))
        try measures.set(
            .sliceThickness, text: DecimalText.text(Self.rounded(content.grid.planeSpacing)))
        try measures.set(
            .spacingBetweenSlices, text: DecimalText.text(Self.rounded(content.grid.planeSpacing)))
    }

    /// Numbers of the planes that have frames, from 1 in the order of the normal: values of the second dimension.
    private var planeNumbers: [Int: Int] {
        let planes = Set(content.frames.frames.map(\.plane)).sorted()
        return Dictionary(uniqueKeysWithValues: planes.enumerated().map { ($0.element, $0.offset + 1) })
    }

    private func writeGroups(of frame: BinaryFrames.Frame, _ groups: DICOMObject.Item, _ planeNumber: Int) throws {
        let match = content.planes.matches[frame.plane]
        let image = source.images[match.image]
        let derivation = try groups.appendItem(SegmentationTags.derivationImage)
        try write(
            CodedConcept(scheme: "DCM", value: "113076", meaning: "Segmentation"), SegmentationTags.derivationCode,
            in: derivation)
        let reference = try derivation.appendItem(SegmentationTags.sourceImage)
        try reference.set(.referencedSOPClass, text: image.sopClass)
        try reference.set(.referencedSOPInstance, text: image.sopInstance)
        if let number = image.frame { try reference.set(SegmentationTags.referencedFrame, text: String(number)) }
        try reference.set(SegmentationTags.spatialLocationsPreserved, text: match.isSame ? "YES" : "NO")
        let purpose = CodedConcept(
            scheme: "DCM", value: "121322", meaning: "Source image for image processing operation")
        try write(purpose, SegmentationTags.purposeOfReference, in: reference)
        let index = try groups.appendItem(.frameContent)
        try index.set(
            SegmentationTags.dimensionIndexValues, numbers: [Double(frame.segment + 1), Double(planeNumber)],
            representation: "UL")
        let position = content.grid.position(ofPlane: frame.plane)
        let place = match.isSame ? image.position : (0..<3).map { Self.rounded(position[$0]) }
        try groups.appendItem(.planePosition).set(.imagePosition, text: DecimalText.text(place))
        try groups.appendItem(SegmentationTags.segmentIdentification).set(
            SegmentationTags.referencedSegment, numbers: [Double(frame.segment + 1)], representation: "US")
    }

    // MARK: Values

    private func write(_ concept: CodedConcept, _ tag: AttributeTag, in item: DICOMObject.Item) throws {
        let code = try item.appendItem(tag)
        try code.set(.codeValue, text: concept.value)
        try code.set(.codingScheme, text: concept.scheme)
        try code.set(.codeMeaning, text: cut(concept.meaning))
    }

    /// To a millionth of a millimetre: what is beyond comes from arithmetic.
    private static func rounded(_ millimetres: Double) -> Double { (millimetres * 1e6).rounded() / 1e6 }

    /// A long string of DICOM (LO) has at most 64 characters, and no backslash.
    private func cut(_ text: String) -> String { String(plain(text).prefix(64)) }

    /// A text of this object's own. Where the character set is the images', what is not ASCII is not known to be in it.
    private func plain(_ text: String) -> String {
        let text = text.replacing("\\", with: "/")
        return source.encoded == nil ? text : String(text.map { $0.isASCII ? $0 : "?" })
    }
}
