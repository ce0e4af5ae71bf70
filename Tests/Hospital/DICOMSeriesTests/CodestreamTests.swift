import DICOMDictionary
import DICOMObjects
import DICOMSeries
import Faults
import Foundation
import TestSupport
import Testing
import Volumes

/// Pixels are decoded by what their bytes are, and refused where nobody knows.
struct CodestreamTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func error(_ object: MadeObject) throws -> DICOMError? {
        try object.write(to: folder.file("object"))
        return MadeSeries.error(folder.file("object"))
    }

    @Test(arguments: ["1.2.3.4.5", "1.2.840.10008.1.2.7.1"]) func nativePixelsOfAnUnknownSyntaxAreRefused(
        syntax: String
    ) throws {
        var object = MadeObject(instance: 1, position: .zero)
        object.transferSyntax = syntax
        let error = try #require(try error(object))
        #expect(error.code == .unsupportedEncoding)
        #expect(error.description.contains("transfer syntax \(syntax) is not known"))
    }

    /// MPEG-2, MPEG-4, HEVC, JPEG XL: encapsulated, and nothing that is decoded here.
    @Test(arguments: ["100", "102", "107", "110"]) func videoAndOtherCodecsAreRefusedByName(tail: String) throws {
        var object = MadeObject(instance: 1, position: .zero)
        object.transferSyntax = "1.2.840.10008.1.2.4.\(tail)"
        object.fragments([[0, 0, 1, 0xb3] + [UInt8](repeating: 7, count: 100)])
        let error = try #require(try error(object))
        #expect(error.code == .unsupportedEncoding)
        #expect(error.description.contains("transfer syntax 1.2.840.10008.1.2.4.\(tail)"))
    }

    @Test(arguments: TransferSyntax.all.filter(\.isEncapsulated)) func nativePixelsUnderACodecsNameAreRefused(
        syntax: TransferSyntax
    ) throws {
        var object = MadeObject(instance: 1, position: .zero)
        object.transferSyntax = syntax.uid
        #expect(try error(object)?.code == .corrupt)
    }

    /// Damaged or cut off, whatever else deflated and swapped bytes are taken for, but not of an unknown syntax.
    @Test(arguments: TransferSyntax.all.filter { !$0.isEncapsulated }) func everyNativeSyntaxOfTheTableIsKnown(
        syntax: TransferSyntax
    ) throws {
        var object = MadeObject(instance: 1, position: .zero)
        object.transferSyntax = syntax.uid
        #expect(try error(object)?.code != .unsupportedEncoding)
    }

    @Test(arguments: TransferSyntax.all.filter { $0.isEncapsulated && $0.codec != .uncompressed })
    func framesThatBeginWithNoCodestreamAreDamaged(syntax: TransferSyntax) throws {
        var object = MadeObject(instance: 1, position: .zero)
        object.transferSyntax = syntax.uid
        object.fragments([[UInt8](repeating: 0x55, count: 100)])
        #expect(try error(object)?.code == .corrupt)
    }

    private static let uncompressed = "1.2.840.10008.1.2.1.98"

    /// Fragments as large frames are cut into, whatever codestream the pixels look like.
    @Test(arguments: [[240], [100, 140], [2, 8, 230]]) func encapsulatedPixelsThatNobodyCompressedAreRead(
        lengths: [Int]
    ) throws {
        let native = MadeObject(instance: 1, position: .zero) { column, row in
            column + row == 0 ? 0x4fff : column == 1 && row == 0 ? 0x51ff : 100 * row + column
        }
        try native.write(to: folder.file("native"))
        var object = native
        object.transferSyntax = Self.uncompressed
        var rest = try #require(native.value(0x7fe0_0010))[...]
        object.fragments(
            lengths.map { length in
                defer { rest = rest.dropFirst(length) }
                return Array(rest.prefix(length))
            })
        try object.write(to: folder.file("object"))
        let read = try DICOMReader.readSeries(at: folder.file("object"))
        #expect(try read.int16Volume == DICOMReader.readSeries(at: folder.file("native")).int16Volume)
        #expect(read.int16Volume?.voxels.first == 0x4fff)
        let kept = try DICOMObject(file: folder.file("object"))
        try kept.write(to: folder.file("kept"))
        #expect(try DICOMReader.readSeries(at: folder.file("kept")).int16Volume == read.int16Volume)
    }

    @Test func anUncompressedFrameOfOddLengthIsPadded() throws {
        var object = MadeObject(instance: 1, position: .zero, rows: 3, columns: 5)
        object.bits(allocated: 8, stored: 8, high: 7, signed: false)
        object.transferSyntax = Self.uncompressed
        object.fragments([Array(1...15)])
        try object.write(to: folder.file("object"))
        #expect(try DICOMReader.readSeries(at: folder.file("object")).int16Volume?.voxels == Array(1...15))
    }

    @Test(arguments: [100, 238, 242]) func anUncompressedFrameOfAnotherLengthIsRefused(length: Int) throws {
        var object = MadeObject(instance: 1, position: .zero)
        object.transferSyntax = Self.uncompressed
        object.fragments([[UInt8](repeating: 0x55, count: length)])
        let error = try #require(try error(object))
        #expect(error.code == .wrongPixelLength)
        #expect(error.description.contains("expected 240 bytes of a frame, found \(length)"))
    }

    /// dcm4che/dcm4chee-arc-light#4280, pydicom/pydicom#1848, rordenlab/dcm2niix#897.
    @Test(arguments: ["201", "202", "203"]) func highThroughputJPEG2000IsRead(tail: String) throws {
        let file = folder.file("object")
        try AwkwardObject.highThroughputFile(syntax: "1.2.840.10008.1.2.4.\(tail)").write(to: file)
        let series = try DICOMReader.readSeries(at: file)
        var expected: [Int16] = []
        for row in 0..<8 { for column in 0..<8 { expected.append(Int16(700 - 1024 + 40 * row + 7 * column)) } }
        #expect(series.int16Volume?.voxels == expected)
        // DCMTK does not know these syntaxes, and keeps them all the same.
        let object = try DICOMObject(file: file)
        try object.write(to: file)
        #expect(object.transferSyntax == "1.2.840.10008.1.2.4.\(tail)")
        #expect(try DICOMReader.readSeries(at: file).int16Volume == series.int16Volume)
        #expect(TransferSyntax.offered.contains(object.transferSyntax))
    }
}
