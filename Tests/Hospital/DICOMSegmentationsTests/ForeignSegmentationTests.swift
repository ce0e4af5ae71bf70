import Anatomy
import DICOMDictionary
import DICOMObjects
import Faults
import Foundation
import DICOMSegmentations
import Testing
import Volumes

/// Segmentations as other programs write them.
struct ForeignSegmentationTests {
    private func read(
        _ made: MadeSegmentation = MadeSegmentation(), on grid: Geometry? = MadeSegmentation.grid,
        _ change: (inout MadeSegmentation) -> Void
    ) throws -> SegmentationReading {
        var made = made
        change(&made)
        return try MadeLabels.withFile { file in
            try made.write(to: file)
            return try SegmentationObject.read(file, on: grid, labelSet: .spine25)
        }
    }

    private func error(_ made: MadeSegmentation, on grid: Geometry? = MadeSegmentation.grid) throws
        -> SegmentationObjectError
    {
        try #require(throws: SegmentationObjectError.self) { try read(made, on: grid) { _ in } }
    }

    private static func masks(_ change: (inout MadeSegmentation) -> Void) -> MadeSegmentation {
        var made = MadeSegmentation()
        made.type = "BINARY"
        made.bits = 1
        made.frames = MadeSegmentation.masks.frames
        made.pixels = MadeSegmentation.masks.pixels.flatMap { $0 }
        change(&made)
        return made
    }

    /// A few pixels that lie far apart are no reason for a grid of gigabytes.
    @Test func gridsMuchLargerThanTheFramesAreAskedFor() throws {
        var made = MadeSegmentation()
        made.frames = [.init(plane: 0), .init(column: 9000, row: 9000, plane: 1)]
        let error = try error(made, on: nil)
        #expect(error.code == .tooLarge && error.description.contains("--like"), "\(error)")
        made.frames[1] = .init(column: 900, row: 900, plane: 1)
        #expect(try read(made, on: nil) { _ in }.labels.geometry.size == [906, 904, 2])
    }

    // MARK: - Codecs (nroduit/Weasis#815, pydicom/pydicom#2134)

    /// The two planes, by CharLS and OpenJPEG.
    private static let streams = [
        "1.2.840.10008.1.2.4.80": [
            "/9j/6AAgU1BJRkYAAgAAAQAAAAQAAAAGCggGAQAAASwAAAEs/+gACAAAAAH/2P/3AAsIAAQABgEBEQD/2gAIAQEAAAAA+2SyNvc2/9k=",
            "/9j/6AAgU1BJRkYAAgAAAQAAAAQAAAAGCggGAQAAASwAAAEs/+gACAAAAAH/2P/3AAsIAAQABgEBEQD/2gAIAQEAAAAA3kWmX8D/2Q==",
        ],
        "1.2.840.10008.1.2.4.90": [
            "/0//UQApAAAAAAAGAAAABAAAAAAAAAAAAAAABgAAAAQAAAAAAAAAAAABBwEB/1IADAAAAAEAAAQEAAH/XAAEQED/ZAAlAAFDcmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjT/"
                + "kAAKAAAAAAArAAH/k9+A0BFRU7ZLaP8EF6yLciNmlkMVjVyDY1cg2Ng//9k=",
            "/0//UQApAAAAAAAGAAAABAAAAAAAAAAAAAAABgAAAAQAAAAAAAAAAAABBwEB/1IADAAAAAEAAAQEAAH/XAAEQED/ZAAlAAFDcmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjT/"
                + "kAAKAAAAAAAlAAH/k9+AoBFPfyAQp4Jtbe7vmGi1zM6x370x/9k=",
        ],
    ]

    @Test(arguments: streams.keys.sorted()) func losslessCodecsOfImagesAreReadHereToo(syntax: String) throws {
        let streams = try #require(Self.streams[syntax]).map { try #require(Data(base64Encoded: $0)) }
        let reading = try read {
            $0.streams = streams.map { [UInt8]($0) }
            $0.transferSyntax = syntax
        }
        #expect(reading.labels == MadeSegmentation.labels)
        #expect(reading.assumptions.isEmpty)
    }

    @Test(arguments: TransferSyntax.all.filter(\.isLossy)) func labelsThatMayHaveLostSomethingAreRefused(
        syntax: TransferSyntax
    ) throws {
        var made = MadeSegmentation()
        made.streams = [[0xff, 0xd8, 0xff, 0xd9], [0xff, 0xd8, 0xff, 0xd9]]
        made.transferSyntax = syntax.uid
        let error = try error(made)
        #expect(error.code == .unsupported)
        #expect(error.description.contains("lossless"))
    }

    // MARK: - Bits (nroduit/Weasis#815)

    @Test func labelMapsOfSixteenBitsAreRead() throws {
        #expect(try read { $0.bits = 16 }.labels == MadeSegmentation.labels)
        let far = try read {
            $0.bits = 8
            $0.segments[1].number = 200
            $0.pixels = $0.pixels.map { $0 == 2 ? 200 : $0 }
        }
        #expect(far.labels == MadeSegmentation.labels)
    }

    @Test func masksOfOneByteAPixelAreBinaryToo() throws {
        #expect(try read(Self.masks { $0.bits = 8 }) { _ in }.labels == MadeSegmentation.labels)
    }

    // MARK: - Fractions (OHIF/Viewers#1346, dcmjs-org/dcmjs#309)

    @Test func fractionsOfNothingAndAllAreBinary() throws {
        let reading = try read(
            Self.masks {
                $0.type = "FRACTIONAL"
                $0.bits = 8
                $0.maximum = 255
                $0.pixels = $0.pixels.map { $0 * 255 }
            }
        ) { _ in }
        #expect(reading.labels == MadeSegmentation.labels)
        #expect(reading.assumptions == ["FRACTIONAL, but with pixels of 0 and the maximum only: read as BINARY"])
    }

    @Test(arguments: [UInt8(1), 128, 254]) func fractionsBetweenAreADecision(value: UInt8) throws {
        let made = Self.masks {
            $0.type = "FRACTIONAL"
            $0.bits = 8
            $0.maximum = 255
            $0.pixels = $0.pixels.map { $0 * 255 }
            $0.pixels[0] = value
        }
        let error = try error(made)
        #expect(error.code == .unsupported)
        #expect(error.description.contains("\(value) of 255"))
    }

    @Test func fractionsWithoutAMaximumAreRefused() throws {
        let made = Self.masks {
            $0.type = "FRACTIONAL"
            $0.bits = 8
        }
        #expect(try error(made).code == .missingAttribute)
    }

    // MARK: - Parts of the grid (OHIF/Viewers#1761, razorx89/pydicom-seg#20)

    /// Frames of 5 × 3 pixels; each plane's labels fit into them.
    private static let cropped = masks { made in
        made.rows = 3
        made.columns = 5
        made.frames = [
            MadeSegmentation.Frame(segment: 1, column: 0, row: 1, plane: 0),
            .init(segment: 2, column: 1, row: 1, plane: 0), .init(segment: 2, column: 1, row: 0, plane: 1),
        ]
        made.pixels = zip(made.frames, MadeSegmentation.masks.pixels).flatMap { frame, mask in
            (0..<3).flatMap { row in (0..<5).map { mask[(row + frame.row) * 6 + $0 + frame.column] } }
        }
    }

    @Test func framesMayBePartsOfTheGridAskedFor() throws {
        #expect(try read(Self.cropped) { _ in }.labels == MadeSegmentation.labels)
    }

    @Test func framesCutOutAtSeveralPlacesMakeOneGrid() throws {
        let reading = try read(Self.cropped, on: nil) { _ in }
        #expect(reading.labels.geometry.isSameGrid(as: MadeSegmentation.grid))
        #expect(reading.labels.voxels == MadeSegmentation.labels.voxels)
    }

    @Test func backgroundMayReachBeyondTheGridAndLabelsMayNot() throws {
        var small = MadeSegmentation.grid
        small.size[1] = 3
        let made = MadeSegmentation()
        #expect(try error(made, on: small).code == .otherGrid)
        var emptied = made
        for index in made.pixels.indices where index % 24 >= 18 { emptied.pixels[index] = 0 }
        let reading = try read(emptied, on: small) { _ in }
        let all = MadeSegmentation.labels.voxels
        let expected: [UInt8] = Array(all[0..<18]) + Array(all[24..<42])
        #expect(reading.labels.voxels == expected)
    }

    @Test func framesBesideThePixelsAreRefused() throws {
        try MadeLabels.withFile { file in
            try MadeSegmentation().write(to: file)
            let affine = MadeSegmentation.grid.affine
            let shifted = Geometry(
                size: MadeSegmentation.grid.size,
                affine: Affine(columns: (0..<3).map { affine.column($0) }, origin: affine.origin + SIMD3(0.25, 0, 0)))
            #expect(throws: SegmentationObjectError(.otherGrid, "")) {
                try SegmentationObject.read(file, on: shifted, labelSet: .spine25)
            }
        }
    }

    // MARK: - Names (QIICR/QuantitativeReporting#251, Project-MONAI/monai-deploy-app-sdk#89, amine0110/pycad#28)

    @Test(
        arguments: [("SCT", "85756007"), ("SRT", "T-D0050"), ("99MADE", "L1")],
        [("L1", "L2"), ("Vertebrae_L1", "vertebra L2"), ("1st lumbar vertebra", "Second lumbar vertebra")])
    func aGeneralCodeLeavesTheNameToTheLabel(code: (String, String), labels: (String, String)) throws {
        let reading = try read { $0.segments = [(1, labels.0, code.0, code.1), (2, labels.1, code.0, code.1)] }
        #expect(reading.labels == MadeSegmentation.labels)
        #expect(reading.assumptions == ["L1, L2 known by the segments' labels only: their codes name no vertebra"])
        #expect(reading.unknownSegments.isEmpty)
    }

    /// A lesion's number is no vertebra.
    @Test func anotherCodeIsNotOverruledByALabel() throws {
        let reading = try read { $0.segments[0] = (1, "L1", "SCT", "52988006") }
        #expect(reading.unknownSegments == ["L1"])
        #expect(reading.labels.voxels == MadeSegmentation.labels.voxels.map { $0 == 20 ? 0 : $0 })
    }

    @Test func aLabelThatContradictsItsCodeIsSaid() throws {
        let reading = try read { $0.segments[0].label = "L2" }
        #expect(reading.labels == MadeSegmentation.labels)
        #expect(reading.assumptions == ["segment 1 is called L2 by its label and L1 by its code: it was taken for L1"])
    }
}
