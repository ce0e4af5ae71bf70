import DICOMDictionary
import DICOMObjects
import Faults
import Foundation
import DICOMSegmentations
import Testing
import Volumes

/// Patient and study go from the images into the segmentation as they are, or not at all.
struct SourceTextTests {
    private static let name = AttributeTag.patientName

    /// Writes images, and a segmentation of them; gives its dataset, and what was remarked.
    @discardableResult private func export(
        algorithm: SegmentationAlgorithm = MadeLabels.algorithm, review: ReviewMark? = nil,
        _ change: (Int, DICOMObject.Item) throws -> Void, then body: (DICOMObject.Item) throws -> Void
    ) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "columna-source-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try MadeLabels.source.images.enumerated().map { index, image in
            let object = try DICOMObject()
            for (tag, text) in [
                (AttributeTag.sopClass, image.sopClass), (.sopInstance, image.sopInstance), (.studyInstance, "1.2.3"),
                (.seriesInstance, "1.2.3.4"),
                (.frameOfReference, "1.2.3.5"), (.patientIdentifier, "4711"),
                (.imagePosition, image.position.map { "\($0)" }.joined(separator: "\\")),
                (.imageOrientation, MadeLabels.orientation.map { "\($0)" }.joined(separator: "\\")),
            ] { try object.dataset.set(tag, text: text) }
            try object.dataset.set(.rows, numbers: [Double(MadeLabels.rows)], representation: "US")
            try change(index, object.dataset)
            let file = folder.appending(path: "\(index)")
            try object.write(to: file)
            return file
        }
        return try MadeLabels.withFile { file in
            let written = try MadeLabels.write(
                source: SourceSeries(files: files), algorithm: algorithm, review: review, to: file)
            try body(DICOMObject(file: file).dataset)
            return written.remarks
        }
    }

    private func bytes(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8($0.value) } }

    /// suyashkumar/dicom#218, fo-dicom/fo-dicom#1785, pydicom/pynetdicom#201
    @Test(arguments: [
        ("\\ISO 2022 IR 87", "Yamada^Tarou=\u{1b}$B;3ED\u{1b}(B^\u{1b}$BB@O:\u{1b}(B", "Yamada^Tarou=山田^太郎"),
        ("ISO IR 100", "Müller", "Müller"),
        ("ISO IR 192", "MÃ¼ller", "Müller"),
    ]) func namesBecomeUnicode(set: String, text: String, expected: String) throws {
        try export { _, dataset in
            try dataset.set(.specificCharacterSet, text: set)
            try dataset.set(Self.name, encodedText: bytes(text))
        } then: { dataset in
            #expect(dataset.text(.specificCharacterSet) == "ISO_IR 192")
            #expect(dataset.bytes(Self.name) == Array(expected.utf8))
        }
    }

    @Test(arguments: ["", "ISO_IR 192", "MADE UP"]) func namesOfNoSetAreKeptAsTheyAre(set: String) throws {
        try export { _, dataset in
            if !set.isEmpty { try dataset.set(.specificCharacterSet, text: set) }
            try dataset.set(Self.name, encodedText: bytes("Müller"))
        } then: { dataset in
            #expect(dataset.text(.specificCharacterSet) ?? "" == set)
            #expect(dataset.bytes(Self.name) == bytes("Müller"))
            #expect(dataset.text(.patientIdentifier) == "4711")
        }
    }

    /// Beside a set that the images' own texts are not of, nothing is known but ASCII.
    @Test(arguments: ["ISO_IR 192", "MADE UP", "\\ISO 2022 IR 87"]) func textsOfItsOwnAreASCIIWhereTheSetIsTheImages(
        set: String
    ) throws {
        let algorithm = SegmentationAlgorithm(name: "Wirbelsäule", version: "3.1")
        let review = ReviewMark(reasons: [
            .init(values: [20], sentence: "L1 – not whole; " + String(repeating: "much ", count: 300))
        ])
        let remarks = try export(algorithm: algorithm, review: review) { index, dataset in
            try dataset.set(.specificCharacterSet, text: index == 6 ? "ISO_IR 100" : set)
            if index < 6 { try dataset.set(Self.name, encodedText: bytes("Müller")) }
            if index == 6 { try dataset.set(.accessionNumber, encodedText: bytes("Ä1")) }
        } then: { dataset in
            #expect(dataset.bytes(Self.name) == bytes("Müller"))
            // What another image says in its own set is left out.
            #expect(dataset.text(.accessionNumber) == nil)
            #expect(dataset.text(.seriesDescription) == "NEEDS REVIEW: segmentation by Wirbels?ule 3.1")
            let described = try #require(
                dataset.items(AttributeTag(0x0062, 0x0002)).compactMap { $0.text(AttributeTag(0x0062, 0x0006)) }.first)
            #expect(
                described.hasPrefix("Needs review: L1 ? not whole") && described.hasSuffix("...")
                    && described.count == 1024)
            #expect(Self.foreignTexts(dataset) == [Self.name])
        }
        #expect(remarks == [Self.remark("AccessionNumber (0008,0050)")])
    }

    /// However much more the others say: without its patient a segmentation finds no way home.
    @Test(arguments: ["ISO_IR 100", "MADE UP TOO"]) func thePatientsNameDecidesTheSet(set: String) throws {
        let remarks = try export { index, dataset in
            try dataset.set(.specificCharacterSet, text: index == 4 ? set : "MADE UP")
            if index == 4 {
                try dataset.set(Self.name, encodedText: bytes("Müller"))
            } else {
                for tag in [AttributeTag.accessionNumber, .studyDescription, .referringPhysician] {
                    try dataset.set(tag, encodedText: bytes("Ä1"))
                }
            }
        } then: { dataset in
            #expect(dataset.text(.specificCharacterSet) == set)
            #expect(dataset.bytes(Self.name) == bytes("Müller"))
            #expect(dataset.text(.patientIdentifier) == "4711")
            #expect(Self.foreignTexts(dataset) == [Self.name])
        }
        #expect(
            remarks == [
                Self.remark(
                    "AccessionNumber (0008,0050), ReferringPhysicianName (0008,0090), StudyDescription (0008,1030)")
            ])
    }

    @Test func imagesOfOneSetSayTogetherWhatNoneSaysAlone() throws {
        let tags = [AttributeTag.patientName, .accessionNumber, .studyDescription]
        let remarks = try export { index, dataset in
            try dataset.set(.specificCharacterSet, text: "MADE UP")
            if index < tags.count { try dataset.set(tags[index], encodedText: bytes("Ä\(index)")) }
        } then: { dataset in
            for (index, tag) in tags.enumerated() { #expect(dataset.bytes(tag) == bytes("Ä\(index)")) }
        }
        #expect(remarks.isEmpty)
    }

    /// An escape sequence is all ASCII, and its text is not.
    @Test func escapedTextsOfAnotherSetAreNotTakenForASCII() throws {
        let remarks = try export { index, dataset in
            try dataset.set(.specificCharacterSet, text: index == 0 ? "MADE UP" : "MADE UP TOO")
            if index == 0 {
                try dataset.set(Self.name, encodedText: bytes("Müller"))
            } else {
                try dataset.set(.studyDescription, encodedText: bytes("\u{1b}$B;3ED\u{1b}(B"))
            }
        } then: { dataset in
            #expect(dataset.bytes(Self.name) == bytes("Müller"))
            #expect(!dataset.contains(.studyDescription))
        }
        #expect(remarks == [Self.remark("StudyDescription (0008,1030)")])
    }

    private static func remark(_ names: String) -> String {
        "the images' texts are of several character sets, and an object has one: the segmentation is without \(names)"
    }

    @Test func textsOfItsOwnAreWholeWhereTheSetIsUTF8() throws {
        try export(algorithm: SegmentationAlgorithm(name: "Wirbelsäule", version: "3.1")) { _, dataset in
            try dataset.set(.specificCharacterSet, text: "ISO_IR 100")
            try dataset.set(Self.name, encodedText: bytes("Müller"))
        } then: { dataset in
            #expect(dataset.text(Self.name) == "Müller")
            #expect(dataset.text(.seriesDescription) == "Segmentation by Wirbelsäule 3.1")
        }
    }

    /// Attributes of an item and of all within that hold bytes above ASCII.
    private static func foreignTexts(_ item: DICOMObject.Item) -> [AttributeTag] {
        item.entries.filter { $0.tag != .pixelData }.flatMap { entry -> [AttributeTag] in
            guard entry.itemCount == nil else { return item.items(entry.tag).flatMap(foreignTexts) }
            let isText = ["LO", "LT", "PN", "SH", "ST", "UC", "UT", "CS"].contains(entry.representation)
            return isText && item.bytes(entry.tag)?.contains { $0 >= 0x80 } == true ? [entry.tag] : []
        }
    }

    /// SlicerRt/SlicerRT#1
    @Test func whatOneImageLacksAnotherSays() throws {
        try export { index, dataset in
            if index < 3 { dataset.remove(.patientIdentifier) }
        } then: {
            #expect($0.text(.patientIdentifier) == "4711")
        }
    }

    @Test func imagesOfTwoPatientsAreRefused() throws {
        #expect(throws: SegmentationObjectError(.invalidSource, "")) {
            try export { index, dataset in
                if index == 2 { try dataset.set(.patientIdentifier, text: "4712") }
            } then: { _ in
            }
        }
    }
}
