import DICOMDictionary
import Anatomy
import DICOMObjects
import Faults
import Foundation
import DICOMSegmentations
import Testing
import Volumes

struct SegmentationWritingTests {
    @Test func framesAreThoseThatHoldVoxels() throws {
        try MadeLabels.withFile { file in
            let written = try MadeLabels.write(to: file)
            // T12 in planes 1 to 3, L1 in 3 and 5, sacrum in 6.
            #expect(written.frameCount == 6)
            #expect(written.isOnSourceImages)
            #expect(written.segments.map(\.label) == ["T12", "L1", "sacrum"])
            let dataset = try DICOMObject(file: file).dataset
            let groups = dataset.items(AttributeTag(0x5200, 0x9230))
            let segments = groups.map {
                $0.items(AttributeTag(0x0062, 0x000a))[0].numbers(AttributeTag(0x0062, 0x000b))?[0]
            }
            #expect(segments == [1, 1, 1, 2, 2, 3])
            let indices = groups.map { $0.items(AttributeTag(0x0020, 0x9111))[0].numbers(AttributeTag(0x0020, 0x9157)) }
            #expect(indices == [[1, 1], [1, 2], [1, 3], [2, 3], [2, 4], [3, 5]])
            for (group, plane) in zip(groups, [1, 2, 3, 3, 5, 6]) {
                let position = try #require(group.items(AttributeTag(0x0020, 0x9113))[0].numbers(.imagePosition))
                #expect(
                    zip(position, (0..<3).map { MadeLabels.position(plane)[$0] }).allSatisfy { abs($0 - $1) < 1e-9 })
                let source = group.items(AttributeTag(0x0008, 0x9124))[0].items(AttributeTag(0x0008, 0x2112))[0]
                #expect(source.text(.referencedSOPInstance) == "1.2.3.4.\(plane + 1)")
                #expect(source.text(AttributeTag(0x0028, 0x135a)) == "YES")
            }
            let references = dataset.items(AttributeTag(0x0008, 0x1115))[0]
            #expect(references.text(.seriesInstance) == "1.2.3.4")
            #expect(
                references.items(AttributeTag(0x0008, 0x114a)).map { $0.text(.referencedSOPInstance) }
                    == [2, 3, 4, 6, 7].map { "1.2.3.4.\($0)" })
        }
    }

    /// PS3.5, 8.1.1: the first pixel is the lowest bit, and frames follow one another without gaps.
    @Test func bitsLieAsTheStandardSays() throws {
        let affine = Affine(columns: [SIMD3(-1, 0, 0), SIMD3(0, -1, 0), SIMD3(0, 0, 1)], origin: .zero)
        var labels = Volume<UInt8>(geometry: Geometry(size: [3, 3, 2], affine: affine), repeating: 0)
        for (i, j, k) in [(0, 0, 0), (2, 0, 0), (2, 2, 0), (1, 0, 1), (0, 2, 1)] { labels[i, j, k] = 1 }
        let source = SourceSeries(
            studyInstance: "1", seriesInstance: "2", frameOfReference: nil, orientation: [1, 0, 0, 0, 1, 0],
            attributes: [:],
            images: [0, 1].map {
                SourceSeries.Image(
                    sopClass: "1.2.840.10008.5.1.4.1.1.2", sopInstance: "3.\($0)", position: [0, 0, Double($0)])
            })
        try MadeLabels.withFile { file in
            try MadeLabels.write(labels, source: source, to: file)
            // Frame 1: 101 000 001; frame 2: 010 000 100. Together, from the lowest bit: 10100000 10100001 00.
            #expect(
                try DICOMObject(file: file).dataset.bytes(.pixelData)?.prefix(3) == [
                    0b0000_0101, 0b1000_0101, 0b0000_0000,
                ])
        }
    }

    /// The label map of another series, whose first slices lie half a metre further up.
    @Test func aLabelMapThatLiesBeyondTheImagesIsRefused() throws {
        var source = MadeLabels.source
        for index in source.images.indices { source.images[index].position[2] += 500 }
        try MadeLabels.withFile { file in
            let error = try #require(throws: SegmentationObjectError.self) {
                try MadeLabels.write(MadeLabels.labels, source: source, to: file)
            }
            #expect(error.code == .invalidLabels)
            #expect(error.description.contains("mm beyond the images"))
            #expect(!FileManager.default.fileExists(atPath: file.path))
        }
    }

    @Test func vertebraeHaveTheirCodesColoursAndAlgorithm() throws {
        try MadeLabels.withFile { file in
            try MadeLabels.write(to: file)
            let segment = try DICOMObject(file: file).dataset.items(AttributeTag(0x0062, 0x0002))[1]
            let type = segment.items(AttributeTag(0x0062, 0x000f))[0]
            #expect(type.text(.codeValue) == "66794005")
            #expect(type.text(.codingScheme) == "SCT")
            #expect(type.text(.codeMeaning) == "L1 vertebra")
            #expect(segment.items(AttributeTag(0x0062, 0x0003))[0].text(.codeValue) == "91723000")
            #expect(segment.text(AttributeTag(0x0062, 0x0008)) == "AUTOMATIC")
            let made = segment.items(AttributeTag(0x0062, 0x0007))[0]
            #expect(made.text(AttributeTag(0x0066, 0x0036)) == "spine")
            #expect(made.text(AttributeTag(0x0066, 0x0031)) == "3")
            let colour = try #require(LabelSet.spine25.colour(of: 20))
            #expect(segment.numbers(AttributeTag(0x0062, 0x000d))?.map { UInt16($0) } == colour.dicomCIELab)
        }
    }

    /// A radiologist sees these in the list of series, at the overlay and at a vertebra.
    @Test func whatNeedsReviewSaysSoToWhoeverReadsIt() throws {
        let sentence = "L1 is at two places 201.5 mm apart"
        let review = ReviewMark(reasons: [
            .init(values: [20], sentence: sentence), .init(values: [21], sentence: "L2 is missing between L1 and L3"),
            .init(values: [19, 20], sentence: String(repeating: "much ", count: 300)),
        ])
        try MadeLabels.withFile { file in
            let plain = try MadeLabels.write(to: file)
            let unmarked = try DICOMObject(file: file).dataset
            #expect(unmarked.text(.seriesDescription) == "Segmentation by spine 3")
            #expect(unmarked.text(AttributeTag(0x0070, 0x0081)) == "Automatic segmentation")
            #expect(!unmarked.contains(AttributeTag(0x0020, 0x4000)))
            let marked = try MadeLabels.write(review: review, to: file)
            // Another object: an archive that has the one is not asked to take the other for it.
            #expect(marked.sopInstance != plain.sopInstance && marked.seriesInstance != plain.seriesInstance)
            let dataset = try DICOMObject(file: file).dataset
            #expect(dataset.text(.seriesDescription) == "NEEDS REVIEW: segmentation by spine 3")
            #expect(dataset.text(AttributeTag(0x0070, 0x0081)) == "NEEDS REVIEW (3 findings): automatic segmentation")
            #expect(dataset.text(AttributeTag(0x0020, 0x4000))?.contains("L2 is missing") == true)
            let descriptions = dataset.items(AttributeTag(0x0062, 0x0002)).map { $0.text(AttributeTag(0x0062, 0x0006)) }
            #expect(descriptions.count == 3 && descriptions[2] == nil)
            #expect(descriptions[0]?.hasPrefix("Needs review: much") == true && descriptions[0]?.count == 1024)
            #expect(
                descriptions[1]?.hasPrefix("Needs review: \(sentence); much") == true && descriptions[1]?.count == 1024)
        }
    }

    @Test func headingsFitTheirAttributes() throws {
        let long = SegmentationAlgorithm(name: String(repeating: "n", count: 64), version: "123456789")
        let review = ReviewMark(reasons: (0..<100_000).map { .init(values: [19], sentence: "finding \($0)") })
        try MadeLabels.withFile { file in
            try MadeLabels.write(algorithm: long, review: review, to: file)
            let dataset = try DICOMObject(file: file).dataset
            for tag in [AttributeTag.seriesDescription, AttributeTag(0x0070, 0x0081)] {
                #expect(dataset.text(tag)?.hasPrefix("NEEDS REVIEW") == true && dataset.text(tag)?.count ?? 65 <= 64)
            }
            #expect(dataset.text(AttributeTag(0x0020, 0x4000))?.count == 10_240)
        }
        #expect(ReviewMark(reasons: []) == nil)
    }

    @Test func patientAndStudyAreTheImages() throws {
        try MadeLabels.withFile { file in
            try MadeLabels.write(to: file)
            let dataset = try DICOMObject(file: file).dataset
            #expect(dataset.text(.patientName) == "Größe^Eva")
            #expect(dataset.text(.studyInstance) == "1.2.3")
            #expect(dataset.text(.frameOfReference) == "1.2.3.5")
            #expect(dataset.text(.accessionNumber) == "A1")
            #expect(dataset.contains(.patientBirthDate))
            #expect(dataset.text(.modality) == "SEG")
            #expect(dataset.text(AttributeTag(0x0008, 0x0023)) == "20250615")
            #expect(dataset.text(AttributeTag(0x0008, 0x0033)) == "150640")
        }
    }

    @Test func equalInputGivesEqualBytesAndOtherInputOtherIdentifiers() throws {
        try MadeLabels.withFile { one in
            try MadeLabels.withFile { other in
                let first = try MadeLabels.write(to: one)
                #expect(try MadeLabels.write(to: other) == first)
                #expect(try Data(contentsOf: one) == Data(contentsOf: other))
                var labels = MadeLabels.labels
                labels[0, 0, 6] = 19
                let changed = try MadeLabels.write(labels, to: other)
                #expect(changed.sopInstance != first.sopInstance)
                #expect(changed.seriesInstance != first.seriesInstance)
            }
        }
    }

    /// However the label map's axes run, the object is the same.
    @Test(
        arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]], [0, 1, 2, 3, 4, 5, 6, 7])
    func axesMayRunAnyWay(axes: [Int], flips: Int) throws {
        let turned = MadeLabels.turned(MadeLabels.labels, axes: axes, flipped: (0..<3).map { flips >> $0 & 1 == 1 })
        try MadeLabels.withFile { one in
            try MadeLabels.withFile { other in
                try MadeLabels.write(to: one)
                try MadeLabels.write(turned, to: other)
                #expect(try Data(contentsOf: one) == Data(contentsOf: other))
                let back = try SegmentationObject.read(other, on: turned.geometry, labelSet: .spine25)
                #expect(back.labels == turned)
            }
        }
    }

    @Test func planesOfAResampledGridReferToTheNearestImages() throws {
        var grid = MadeLabels.grid
        let step = MadeLabels.ras(MadeLabels.normal * 1.25)
        grid = Geometry(
            size: [11, 13, 12],
            affine: Affine(
                columns: [grid.affine.column(0), grid.affine.column(1), step], origin: grid.affine.origin + step * 0.1))
        let labels = Volume<UInt8>(geometry: grid, repeating: 24)
        try MadeLabels.withFile { file in
            let written = try MadeLabels.write(labels, to: file)
            #expect(written.frameCount == 12)
            #expect(!written.isOnSourceImages)
            let groups = try DICOMObject(file: file).dataset.items(AttributeTag(0x5200, 0x9230))
            for (plane, group) in groups.enumerated() {
                let source = group.items(AttributeTag(0x0008, 0x9124))[0].items(AttributeTag(0x0008, 0x2112))[0]
                #expect(
                    source.text(.referencedSOPInstance) == "1.2.3.4.\(Int((Double(plane) / 2 + 0.05).rounded()) + 1)")
                #expect(source.text(AttributeTag(0x0028, 0x135a)) == "NO")
            }
            #expect(try SegmentationObject.read(file, on: grid, labelSet: .spine25).labels == labels)
        }
    }

    @Test func nothingToStoreIsAnError() throws {
        try MadeLabels.withFile { file in
            let empty = Volume<UInt8>(geometry: MadeLabels.grid, repeating: 0)
            #expect(throws: SegmentationObjectError(.invalidLabels, "")) { try MadeLabels.write(empty, to: file) }
            #expect(!FileManager.default.fileExists(atPath: file.path))
            var without = MadeLabels.source
            without.images = []
            #expect(throws: SegmentationObjectError(.invalidSource, "")) {
                try MadeLabels.write(source: without, to: file)
            }
        }
    }
}
