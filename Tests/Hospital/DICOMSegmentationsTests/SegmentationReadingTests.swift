import DICOMDictionary
import Anatomy
import DICOMObjects
import Faults
import Foundation
import DICOMSegmentations
import Testing
import Volumes

struct SegmentationReadingTests {
    @Test func withoutAGridTheSmallestOneIsMade() throws {
        try MadeLabels.withFile { file in
            try MadeLabels.write(to: file)
            let reading = try SegmentationObject.read(file, labelSet: .spine25)
            // Planes 1 to 6; 4 is empty.
            #expect(reading.labels.geometry.size == [11, 13, 6])
            #expect(Array(MadeLabels.labels.voxels.dropFirst(11 * 13)) == reading.labels.voxels)
            let origin = reading.labels.geometry.affine.origin - MadeLabels.grid.affine.applied(to: SIMD3(0, 0, 1))
            #expect((origin * origin).sum() < 1e-12)
            #expect(reading.sourceSeriesInstance == "1.2.3.4")
            #expect(reading.studyInstance == "1.2.3")
            #expect(reading.segments.map(\.value) == [19, 20, 25])
        }
    }

    @Test func withoutALabelSetNumbersAreValues() throws {
        try MadeLabels.withFile { file in
            try MadeLabels.write(to: file)
            let reading = try SegmentationObject.read(file, on: MadeLabels.grid)
            #expect(reading.labels.voxels == MadeLabels.labels.voxels.map { [19: 1, 20: 2, 25: 3][$0] ?? 0 })
            #expect(reading.segments.map(\.label) == ["T12", "L1", "sacrum"])
        }
    }

    @Test func segmentsOutsideTheLabelSetAreNamed() throws {
        try MadeLabels.withFile { file in
            try MadeLabels.write(to: file)
            let reading = try SegmentationObject.read(file, on: MadeLabels.grid, labelSet: .spine24)
            #expect(reading.unknownSegments == ["sacrum"])
            #expect(reading.labels.voxels == MadeLabels.labels.voxels.map { $0 == 25 ? 0 : $0 })
        }
    }

    @Test func olderCodesAreUnderstood() throws {
        try MadeLabels.changed { dataset in
            let type = dataset.items(AttributeTag(0x0062, 0x0002))[0].items(AttributeTag(0x0062, 0x000f))[0]
            try type.set(.codeValue, text: "T-117C0")
            try type.set(.codingScheme, text: "SRT")
        } then: { file in
            let reading = try SegmentationObject.read(file, on: MadeLabels.grid, labelSet: .spine25)
            #expect(reading.labels == MadeLabels.labels)
        }
    }

    @Test(arguments: SegmentationReading.Overlap.allCases)
    func overlappingSegmentsAreRefusedUnlessSomebodyDecides(_ overlap: SegmentationReading.Overlap) throws {
        // The frame of L1 in plane 3 becomes T12's second there.
        func overlapping(_ dataset: DICOMObject.Item) throws {
            let pixels = try #require(dataset.bytes(.pixelData))
            try dataset.set(.pixelData, bytes: [UInt8](repeating: 0xff, count: pixels.count), representation: "OB")
        }
        try MadeLabels.changed(overlapping) { file in
            guard overlap != .refuse else {
                let error = #expect(throws: SegmentationObjectError.self) { try SegmentationObject.read(file) }
                #expect(error?.code == .overlappingSegments)
                #expect(error?.description.contains("143 voxels") == true)
                return
            }
            let reading = try SegmentationObject.read(file, on: MadeLabels.grid, overlap: overlap)
            #expect(reading.labels[0, 0, 3] == (overlap == .lowest ? 1 : 2))
            #expect(reading.overlappingVoxelCount == 143)
        }
    }

    @Test(arguments: [
        ("another class", SegmentationObjectError.Code.notASegmentation), ("fractional", .unsupported),
        ("no position", .missingAttribute),
        ("half the pixels", .wrongPixelLength), ("a million frames", .missingAttribute),
        ("a frame beside the grid", .otherGrid),
        ("a frame outside", .otherGrid), ("a turned frame", .missingAttribute),
        ("an undescribed segment", .missingAttribute),
        ("other pixels", .otherGrid), ("zero spacing", .missingAttribute), ("no segments", .missingAttribute),
        ("absurd rows", .wrongPixelLength),
    ])
    func badObjectsAreRefused(_ what: String, _ code: SegmentationObjectError.Code) throws {
        try MadeLabels.changed {
            try Self.spoil($0, what)
        } then: { file in
            let error = #expect(throws: SegmentationObjectError.self) {
                _ = try SegmentationObject.read(file, on: what == "absurd rows" ? nil : MadeLabels.grid)
            }
            #expect(error?.code == code, "\(error.debugDescription)")
        }
    }

    @Test func framesFarApartAreNotAllocated() throws {
        try MadeLabels.changed { dataset in
            let place = dataset.items(AttributeTag(0x5200, 0x9230))[5].items(AttributeTag(0x0020, 0x9113))[0]
            let far = MadeLabels.first + MadeLabels.normal * 25_000_000
            try place.set(.imagePosition, text: "\(far.x)\\\(Int(far.y))\\\(Int(far.z))")
        } then: { file in
            #expect(throws: SegmentationObjectError(.tooLarge, "")) { try SegmentationObject.read(file) }
        }
    }

    private static func spoil(_ dataset: DICOMObject.Item, _ what: String) throws {
        let frame = dataset.items(AttributeTag(0x5200, 0x9230))[2]
        let shared = dataset.items(AttributeTag(0x5200, 0x9229))[0]
        switch what {
        case "another class": try dataset.set(.sopClass, text: "1.2.840.10008.5.1.4.1.1.2")
        case "fractional": try dataset.set(AttributeTag(0x0062, 0x0001), text: "FRACTIONAL")
        case "no position": frame.remove(AttributeTag(0x0020, 0x9113))
        case "half the pixels":
            let bytes = dataset.bytes(.pixelData) ?? []
            try dataset.set(.pixelData, bytes: Array(bytes.prefix(bytes.count / 4 * 2)), representation: "OB")
        case "a million frames": try dataset.set(.numberOfFrames, text: "1000000")
        case "a frame beside the grid":
            let place = MadeLabels.position(2) + MadeLabels.normal * 0.4
            try frame.items(AttributeTag(0x0020, 0x9113))[0].set(
                .imagePosition, text: "\(place.x)\\\(place.y)\\\(place.z)")
        case "a frame outside":
            let place = MadeLabels.position(9)
            try frame.items(AttributeTag(0x0020, 0x9113))[0].set(
                .imagePosition, text: "\(place.x)\\\(place.y)\\\(place.z)")
        case "a turned frame":
            try shared.items(AttributeTag(0x0020, 0x9116))[0].set(.imageOrientation, text: "1\\0\\0\\1\\0\\0")
        case "an undescribed segment":
            try frame.items(AttributeTag(0x0062, 0x000a))[0].set(
                AttributeTag(0x0062, 0x000b), numbers: [9], representation: "US")
        case "other pixels": try shared.items(AttributeTag(0x0028, 0x9110))[0].set(.pixelSpacing, text: "0.7\\0.5")
        case "zero spacing": try shared.items(AttributeTag(0x0028, 0x9110))[0].set(.pixelSpacing, text: "0\\0.5")
        case "no segments": dataset.remove(AttributeTag(0x0062, 0x0002))
        case "absurd rows": try dataset.set(.rows, numbers: [16384], representation: "US")
        default: Issue.record("nothing is called \(what)")
        }
    }
}
