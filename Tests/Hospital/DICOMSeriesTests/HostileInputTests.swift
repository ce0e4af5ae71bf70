import DICOMSeries
import Faults
import Foundation
import TestSupport
import Testing
import Volumes

/// Objects whose headers lie: an error that says so, no crash, and no memory on a header's word.
struct HostileInputTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func error(_ change: (inout MadeObject) -> Void) throws -> DICOMError? {
        var object = MadeObject(instance: 1, position: .zero)
        change(&object)
        try object.write(to: folder.file("object"))
        return MadeSeries.error(folder.file("object"))
    }

    @Test(
        arguments: [
            (0x0020_0032, "ImagePositionPatient"), (0x0020_0037, "ImageOrientationPatient"),
            (0x0028_0030, "PixelSpacing"),
            (0x0028_0010, "Rows"), (0x0018_0050, "SliceThickness"),
        ] as [(UInt32, String)]) func missingGeometryIsNamed(tag: UInt32, name: String) throws
    {
        let error = try #require(try error { $0.remove(tag) })
        #expect(error.code == .missingAttribute)
        #expect(error.description.contains(name))
    }

    @Test(arguments: ["0\\0.5", "-1\\0.5", "1e9\\1", "0.5", "0.5\\0.5\\0.5"]) func impossibleSpacingIsRefused(
        text: String
    ) throws {
        let error = try #require(try error { $0.text(0x0028_0030, "DS", text) })
        #expect(error.code == .missingAttribute)
        #expect(error.description.contains("PixelSpacing (0028,0030), two positive numbers"))
    }

    @Test(arguments: ["1\\0\\0\\1\\0\\0", "0\\0\\0\\0\\0\\0", "2\\0\\0\\0\\2\\0"]) func impossibleOrientationIsRefused(
        text: String
    ) throws {
        #expect(try error { $0.text(0x0020_0037, "DS", text) }?.code == .invalidAttribute)
    }

    /// Rows and columns that would be 8 GB, in a file of 1 KB.
    @Test(arguments: [(65535, 65535), (8192, 8192), (1, 65535), (0, 12)]) func absurdSizesAreRefused(
        rows: Int, columns: Int
    ) throws {
        let error = try #require(
            try error {
                $0.shorts(0x0028_0010, [rows])
                $0.shorts(0x0028_0011, [columns])
            })
        #expect([.tooLarge, .wrongPixelLength, .missingAttribute].contains(error.code))
    }

    @Test(arguments: [
        "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90",
        "1.2.840.10008.1.2.4.50",
    ]) func fewBytesAreNoLargeImage(syntax: String) throws {
        let error = try #require(
            try error {
                $0.transferSyntax = syntax
                $0.shorts(0x0028_0010, [8192])
                $0.shorts(0x0028_0011, [8192])
                $0.fragments([[0xff, 0xd8, 0xff, 0xc3, 0, 11, 16, 32, 0, 32, 0, 1, 1, 0x11, 0, 0xff, 0xd9, 0]])
            })
        #expect(error.code == .tooLarge)
    }

    @Test(arguments: [2, 238, 258, 480]) func wrongLengthOfPixelsIsCounted(count: Int) throws {
        let error = try #require(
            try error { $0.bytes(0x7fe0_0010, "OW", (0..<count).map { UInt8(truncatingIfNeeded: $0) }) })
        #expect(error.code == .wrongPixelLength)
        #expect(error.description.contains("expected 240 bytes of pixel data, found \(count)"))
    }

    /// A length that reaches beyond the file, on every element in turn.
    @Test func lyingLengthsAreTruncation() throws {
        let whole = [UInt8](MadeObject(instance: 1, position: .zero).file)
        let marks = whole.indices.dropLast(8).filter {
            whole[$0 + 1] == 0 && whole[$0 + 3] < 0x20
                && [UInt8(ascii: "D"), UInt8(ascii: "U"), UInt8(ascii: "L")].contains(whole[$0 + 4])
                && whole[$0 + 5] > 64 && $0 > 132
        }
        #expect(marks.count > 8)
        for mark in marks {
            var lying = whole
            (lying[mark + 6], lying[mark + 7]) = (0xff, 0xff)
            try Data(lying).write(to: folder.file("object"))
            #expect(MadeSeries.error(folder.file("object")) != nil)
        }
    }

    @Test func deflatedBombIsRefused() throws {
        var meta = MadeObject(instance: 1, position: .zero)
        meta.encoding = .deflated
        let marker = try #require(meta.file.range(of: Data("1.2.840.10008.1.2.1.99".utf8)))
        let bomb = meta.file[..<marker.upperBound] + Deflated.zeros(200_000)
        try bomb.write(to: folder.file("object"))
        let error = try #require(MadeSeries.error(folder.file("object")))
        #expect(error.code == .tooLarge)
        #expect(error.description.contains("64 times"))
    }

    @Test func brokenSequencesAreRefused() throws {
        for bytes in [
            [0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0x7f], [1, 2, 3, 4, 5, 6, 7, 8], [0xfe, 0xff, 0xdd, 0xe0],
        ] as [[UInt8]] {
            var whole = [UInt8](MadeObject(instance: 1, position: .zero).file)
            whole += [0x11, 0x90, 0x10, 0x10] + Array("SQ".utf8) + [0, 0, 0xff, 0xff, 0xff, 0xff] + bytes
            try Data(whole).write(to: folder.file("object"))
            #expect(MadeSeries.error(folder.file("object")) != nil)
        }
    }

    /// A file that is replaced after it was looked at and before its pixels are decoded: whatever comes, it is no
    /// crash, and a shorter or exchanged file is never taken for the one that was looked at.
    @Test func filesThatChangeWhileTheyAreReadAreNeverMixedUp() throws {
        let slices = (0..<24).map {
            MadeObject(instance: $0, position: SIMD3(0, 0, 2 * Double($0)), rows: 64, columns: 64) { column, row in
                column + row
            }
        }
        for (index, slice) in slices.enumerated() { try slice.write(to: folder.file("\(index)")) }
        let whole = try DICOMReader.readSeries(at: folder.url).volume
        let path = folder.file("23").path
        let content = try Data(contentsOf: folder.file("23"))
        let isDone = DispatchSemaphore(value: 0)
        let writer = Thread {
            for round in 0..<300 {
                truncate(path, off_t(round.isMultiple(of: 2) ? 2000 : 400))
                try? content.write(to: URL(filePath: path))
            }
            isDone.signal()
        }
        writer.start()
        var codes: Set<DICOMError.Code> = []
        while isDone.wait(timeout: .now()) == .timedOut {
            do {
                let series = try DICOMReader.readSeries(at: folder.url)
                // Caught with a file that has no bytes yet: it is listed, and the others are read.
                let isShort = series.skipped.contains { $0.reason == .notDICOM }
                #expect(isShort ? series.geometry.size[2] == 23 : series.volume == whole)
            } catch {
                codes.insert(error.code)
            }
        }
        // A file that its writer has just emptied is lengthened by the cut: zeros where an attribute was.
        #expect(
            codes.isSubset(of: [
                .invalidAttribute, .truncated, .fileChanged, .missingPixelData, .missingAttribute, .notDICOM,
                .fileNotReadable, .corrupt,
                .missingSlice, .wrongPixelLength,
            ]), "\(codes)")
    }
}
