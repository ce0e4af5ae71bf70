import Faults
import DICOMSeries
import Foundation
import TestSupport
import Testing
import Volumes

/// Whatever a hospital sends, the answer is a volume or an error that names the problem.
struct BadInputTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try MadeSeries.write(to: folder.url)
    }

    @Test func missingPathIsNamed() {
        #expect(MadeSeries.error(folder.file("nothing"))?.code == .fileMissing)
    }

    /// A loopback device has no speed, so the kernel refuses to read what it shows as a regular file of a page.
    @Test(.enabled(if: access("/sys/class/net/lo/speed", R_OK) == 0))
    func aDiskThatFailsWhileItIsReadIsNoFaultOfTheFiles() {
        let error = MadeSeries.error(URL(filePath: "/sys/class/net/lo/speed"))
        #expect(error?.code == .readFailed && error?.blame == .passing, "\(error.debugDescription)")
    }

    @Test func emptyFolderIsNamed() throws {
        let empty = try TemporaryFolder()
        #expect(MadeSeries.error(empty.url)?.code == .emptyFolder)
    }

    @Test func folderWithoutDICOMIsNamed() throws {
        let other = try TemporaryFolder()
        try Data("hello".utf8).write(to: other.file("readme.txt"))
        try Data(count: 4000).write(to: other.file("zeros"))
        let error = try #require(MadeSeries.error(other.url))
        #expect(error.code == .notDICOM)
        #expect(error.description.contains("none of its 2 files"))
        #expect(MadeSeries.error(other.file("readme.txt"))?.code == .notDICOM)
    }

    @Test func otherFilesBesideASeriesAreCounted() throws {
        try Data("hello".utf8).write(to: folder.file("readme.txt"))
        try Data().write(to: folder.file("empty"))
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.skipped == [SkippedObjects(reason: .notDICOM, modality: nil, count: 2)])
    }

    @Test func missingSliceIsLocated() throws {
        try FileManager.default.removeItem(at: folder.file("CT0003.dcm"))
        let error = try #require(MadeSeries.error(folder.url))
        #expect(error.code == .missingSlice)
        #expect(error.description.contains("gap between -99.0 mm and -94.0 mm"))
        #expect(error.description.contains("expected a step of 2.5 mm"))
    }

    @Test func copiesOfAnObjectAreListedNotRead() throws {
        try FileManager.default.copyItem(at: folder.file("CT0003.dcm"), to: folder.file("copy.dcm"))
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.volume.voxels == MadeSeries.volume.voxels.map(Float.init))
        #expect(series.skipped == [SkippedObjects(reason: .duplicate, modality: "CT", count: 1)])
    }

    @Test func differentObjectsOfOneIdentityAreRefused() throws {
        var copy = try Data(contentsOf: folder.file("CT0003.dcm"))
        copy[copy.count - 7] ^= 1
        try copy.write(to: folder.file("copy.dcm"))
        let error = try #require(MadeSeries.error(folder.url))
        #expect(error.code == .duplicateSlice)
        #expect(error.description.contains("two different objects have the same SOP instance UID"))
    }

    @Test func twoSlicesAtOnePositionAreLocated() throws {
        #expect(try folder.patch("CT0003.dcm", "-33.25\\-96.5", with: "-33.25\\-94.0") == 1)
        let error = try #require(MadeSeries.error(folder.url))
        #expect(error.code == .duplicateSlice)
        #expect(error.description.contains("-94.0 mm"))
    }

    @Test func twoSeriesAreListed() throws {
        try MadeSeries.write(to: folder.file("second"), seriesNumber: 2)
        let error = try #require(MadeSeries.error(folder.url))
        #expect(error.code == .severalSeries)
        let series = try DICOMReader.listSeries(at: folder.url)
        #expect(series.count == 2)
        #expect(series.allSatisfy { error.description.contains("\($0.hash) CT, 5 slices of 12×10") })
        #expect(Set(series.map(\.studyHash)).count == 1)
        let read = try DICOMReader.readSeries(at: folder.url, series: series[1].hash)
        #expect(read.skipped == [SkippedObjects(reason: .otherSeries, modality: "CT", count: 5)])
    }

    @Test func seriesGoByTheirPseudonymsAndAnswerToTheirIdentifiers() throws {
        try MadeSeries.write(to: folder.file("second"), seriesNumber: 2)
        let names = IdentifierNames { "2.25.\($0.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })" }
        let error = #expect(throws: DICOMError.self) { try DICOMReader.readSeries(at: folder.url, names: names) }
        let text = try #require(error).description
        let (plain, series) = (
            try DICOMReader.listSeries(at: folder.url), try DICOMReader.listSeries(at: folder.url, names: names)
        )
        #expect(series.count == 2 && series.allSatisfy { text.contains($0.hash) })
        #expect(
            plain.allSatisfy { !text.contains($0.hash) }, "a name of the identifier itself can be tested by anybody")
        #expect(Set((plain + series).map(\.studyHash)).count == 2)
        for one in plain + series {
            let read = try DICOMReader.readSeries(at: folder.url, series: one.hash, names: names)
            #expect(series.contains { $0.hash == read.seriesHash && $0.studyHash == read.studyHash })
        }
    }

    @Test func namesOfFormerVersionsStayValid() throws {
        #expect(try IdentifierNames().name(of: "1.2.840.113619.2.55.3") == "ceeac898acfec2f0")
        #expect(try IdentifierNames { _ in "1.2.3" }.name(of: "4.5.6") == IdentifierNames().name(of: "1.2.3"))
    }

    @Test func localizerIsListedNotRead() throws {
        #expect(try folder.patch("CT0001.dcm", "ORIGINAL\\PRIMARY\\AXIAL", with: "ORIGINAL\\PRI\\LOCALIZER") == 1)
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.instanceCount == 4)
        #expect(series.skipped == [SkippedObjects(reason: .localizer, modality: "CT", count: 1)])
    }

    @Test func directoryOfAMediumIsListedNotRead() throws {
        let directory = "1.2.840.10008.1.3.10" + String(repeating: "\0", count: 5)
        #expect(try folder.patch("CT0005.dcm", "1.2.840.10008.5.1.4.1.1.2", with: directory) == 2)
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.instanceCount == 4)
        #expect(series.skipped == [SkippedObjects(reason: .directory, modality: nil, count: 1)])
    }

    @Test func seriesOfOtherModalityIsRefused() throws {
        for number in 1...5 { try folder.patch("CT000\(number).dcm", "CS\u{2}\u{0}CT", with: "CS\u{2}\u{0}PT") }
        let error = try #require(MadeSeries.error(folder.url))
        #expect(error.code == .unsupportedModality)
        #expect(error.description == "modality is PT, expected CT")
    }

    @Test func sliceOfAnotherOrientationLeavesAGap() throws {
        #expect(try folder.patch("CT0002.dcm", "\\0\\1\\0", with: "\\0\\0\\1") == 1)
        #expect(MadeSeries.error(folder.url)?.code == .missingSlice)
    }

    @Test func errorsSayNothingAboutThePatientOrTheFile() throws {
        try folder.patch("CT0001.dcm", "phantom-42", with: "ID-4711-XY")
        let whole = try Data(contentsOf: folder.file("CT0001.dcm"))
        try whole.prefix(whole.count - 50).write(to: folder.file("CT0001.dcm"))
        let error = try #require(MadeSeries.error(folder.url))
        #expect(error.code == .truncated, "\(error)")
        for secret in ["4711", "Phantom", "CT0001", folder.url.lastPathComponent] {
            #expect(!error.description.contains(secret))
        }
        #expect(error.debugDescription.contains("CT0001"))
    }

    /// A parser that recurses would overflow any thread's stack with these.
    @Test(arguments: [150, 30_000, 200_000]) func deeplyNestedSequencesAreRefused(depth: Int) throws {
        var whole = try Data(contentsOf: folder.file("CT0001.dcm"))
        let level: [UInt8] = [
            0x08, 0x00, 0x40, 0x11, 0x53, 0x51, 0, 0, 255, 255, 255, 255, 0xfe, 0xff, 0x00, 0xe0, 255, 255, 255, 255,
        ]
        // In place of the modality (0008,0060), the first element after the study's dates.
        let place = try #require(whole.range(of: Data([0x08, 0x00, 0x60, 0x00]))?.lowerBound)
        whole.replaceSubrange(place..., with: Data((0..<depth).flatMap { _ in level }))
        try whole.write(to: folder.file("nested.dcm"))
        #expect(MadeSeries.error(folder.file("nested.dcm"))?.code == .tooLarge)
    }

    /// Cut anywhere, a file is an error and never a volume, but within the delimiter behind its last fragment: there
    /// every pixel has been read. With random bytes it may be either, but nothing crashes.
    @Test(arguments: DICOMWriter.Encoding.allCases)
    func damagedFilesNeverCrash(encoding: DICOMWriter.Encoding) throws {
        let made = try TemporaryFolder()
        try MadeSeries.write(to: made.url, encoding: encoding)
        try damage(Data(contentsOf: made.file("CT0001.dcm")), cuts: 60, flips: 60)
    }

    @Test(
        .enabled(if: Fixtures.data("codecs") != nil),
        arguments: [
            "JPEG2000LosslessOnly.1.2.840.10008.1.2.4.90", "JPEGLSLossless.1.2.840.10008.1.2.4.80",
            "JPEGProcess1.1.2.840.10008.1.2.4.50",
            "DeflatedExplicitVRLittleEndian.1.2.840.10008.1.2.1.99", "JPEGProcess2_4.1.2.840.10008.1.2.4.51",
        ])
    func damagedCodestreamsNeverCrash(name: String) throws {
        let file = try #require(Fixtures.data("codecs")).appending(path: name + ".dcm")
        try damage(Data(contentsOf: file), cuts: 10, flips: 12)
    }

    private func damage(_ whole: Data, cuts: Int, flips: Int) throws {
        let target = folder.file("damaged")
        var random = Shuffle(state: 1)
        let isDelimited = whole.suffix(8) == Data([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0])
        for round in 0..<cuts {
            let length = round < 12 ? whole.count - 1 - 3 * round : Int(random.next() % UInt64(whole.count))
            try whole.prefix(length).write(to: target)
            // The delimiter is not there at all, or its tag is.
            let isComplete = isDelimited && [1, 2, 3, 4, 8].contains(whole.count - length)
            #expect((MadeSeries.error(target) == nil) == isComplete, "cut at \(length) of \(whole.count)")
        }
        for round in 0..<flips {
            var copy = whole
            let end = round.isMultiple(of: 2) ? whole.count : min(whole.count, 3000)
            for _ in 0...random.next() % 16 {
                copy[132 + Int(random.next() % UInt64(end - 132))] = UInt8(truncatingIfNeeded: random.next())
            }
            try copy.write(to: target)
            _ = MadeSeries.error(target)
        }
    }
}

/// The same numbers in every run.
private struct Shuffle {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}
