import DICOMSeries
import Faults
import Foundation
import TestSupport
import Testing
import Volumes

/// What comes beside the slices: other objects, media directories, links, archives.
struct StudyTests {
    private let folder: TemporaryFolder
    private let voxels: [Float]

    init() throws {
        folder = try TemporaryFolder()
        for (index, slice) in Self.slices().enumerated() { try slice.write(to: folder.file("slice-\(index)")) }
        voxels = try DICOMReader.readSeries(at: folder.url).volume.voxels
    }

    private static func slices(series: String = "2.25.7") -> [MadeObject] {
        (0..<4).map { MadeObject(instance: $0, position: SIMD3(0, 0, 2 * Double($0)), series: series) }
    }

    private func object(_ series: String, types: String, _ change: (inout MadeObject) -> Void = { _ in }) throws {
        var object = MadeObject(instance: 1, position: .zero, orientation: [1, 0, 0, 0, 0, -1], series: series)
        object.text(0x0008_0008, "CS", types)
        change(&object)
        try object.write(to: folder.file(series))
    }

    @Test func everyOtherObjectIsListedByItsKind() throws {
        try object("2.25.20", types: "ORIGINAL\\PRIMARY\\LOCALIZER")
        try object("2.25.21", types: "ORIGINAL\\PRIMARY\\SCOUT")
        try object("2.25.22", types: "DERIVED\\SECONDARY\\SCREEN SAVE")
        try object("2.25.23", types: "DERIVED\\SECONDARY\\MPR")
        try object("2.25.24", types: "DERIVED\\SECONDARY\\PROJECTION IMAGE")
        try object("2.25.25", types: "ORIGINAL\\PRIMARY") { $0.text(0x0008_0060, "CS", "SR") }
        try object("2.25.26", types: "ORIGINAL\\PRIMARY") { $0.text(0x0008_0060, "CS", "PT") }
        try object("2.25.27", types: "DERIVED\\SECONDARY") { object in
            object.text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.7")
            object.remove(0x0020_0032)
        }
        try Data("a letter".utf8).write(to: folder.file("letter"))
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.volume.voxels == voxels)
        let expected: Set = [
            SkippedObjects(reason: .localizer, modality: "CT", count: 2),
            SkippedObjects(reason: .secondaryCapture, modality: "CT", count: 2),
            SkippedObjects(reason: .derivedSeries, modality: "CT", count: 1),
            SkippedObjects(reason: .noImage, modality: "SR", count: 1),
            SkippedObjects(reason: .otherSeries, modality: "PT", count: 1),
            SkippedObjects(reason: .notDICOM, modality: nil, count: 1),
        ]
        var found: [SkippedObjects] = []
        for one in series.skipped {
            if let index = found.firstIndex(where: { $0.reason == one.reason && $0.modality == one.modality }) {
                found[index].count += one.count
            } else {
                found.append(one)
            }
        }
        #expect(
            Set(
                found.map {
                    $0.reason == .derivedSeries ? SkippedObjects(reason: .derivedSeries, modality: "CT", count: 1) : $0
                }) == expected)
        #expect(series.skipped.allSatisfy { !$0.why.isEmpty })
    }

    @Test func reformattedSeriesIsReadWhereItIsTheOnlyOne() throws {
        let alone = try TemporaryFolder()
        for (index, slice) in Self.slices().enumerated() {
            var slice = slice
            slice.text(0x0008_0008, "CS", "DERIVED\\SECONDARY\\MPR")
            try slice.write(to: alone.file("\(index)"))
        }
        let series = try DICOMReader.readSeries(at: alone.url)
        #expect(series.volume.voxels == voxels)
        #expect(
            series.decisions == [
                "the series was reformatted or projected from other images: its values may not be those measured"
            ])
    }

    @Test func mixedPatientsAreCountedNotNamed() throws {
        for (index, slice) in Self.slices(series: "2.25.8").enumerated() {
            var slice = slice
            slice.text(0x0010_0020, "LO", "patient-2")
            try slice.write(to: folder.file("other-\(index)"))
        }
        let error = try #require(MadeSeries.error(folder.url))
        #expect(error.code == .severalPatients)
        #expect(error.description == "objects of 2 patients are mixed: submit each patient's study by itself")
        // Whoever names the series knows whose it is.
        let hash = try #require(try DICOMReader.listSeries(at: folder.url).first?.hash)
        #expect(try DICOMReader.readSeries(at: folder.url, series: hash).volume.voxels == voxels)
    }

    @Test func onePatientsSlicesAreNotMixedWithAnothersInASeries() throws {
        var slice = MadeObject(instance: 9, position: SIMD3(0, 0, 8))
        slice.text(0x0010_0020, "LO", "patient-2")
        try slice.write(to: folder.file("stray"))
        let hash = try #require(try DICOMReader.listSeries(at: folder.url).first?.hash)
        #expect(MadeSeries.error(folder.url, series: hash)?.code == .severalPatients)
    }

    @Test func linksOutOfTheFolderAreListedNotFollowed() throws {
        let outside = try TemporaryFolder()
        try MadeObject(instance: 9, position: SIMD3(0, 0, 8)).write(to: outside.file("slice"))
        let manager = FileManager.default
        try manager.createSymbolicLink(at: folder.file("file"), withDestinationURL: outside.file("slice"))
        try manager.createSymbolicLink(at: folder.file("folder"), withDestinationURL: outside.url)
        try manager.createSymbolicLink(at: folder.file("nowhere"), withDestinationURL: outside.file("nothing"))
        try manager.createSymbolicLink(at: folder.file("inside"), withDestinationURL: folder.file("slice-1"))
        try manager.createSymbolicLink(at: folder.file("loop"), withDestinationURL: folder.url.appending(path: "."))
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.volume.voxels == voxels)
        #expect(series.skipped.contains { $0.reason == .outsideLink && $0.count >= 3 })
    }

    @Test func directoryOfAMediumLeadsToItsFolder() throws {
        var record = MadeObject()
        record.text(0x0004_1500, "CS", "SLICE-9")
        var escape = MadeObject()
        escape.text(0x0004_1500, "CS", "..\\..\\ETC\\PASSWD")
        var directory = MadeObject()
        directory.text(0x0008_0016, "UI", "1.2.840.10008.1.3.10")
        directory.sequence(0x0004_1220, [record, escape])
        try directory.write(to: folder.file("DICOMDIR"))
        for location in [folder.url, folder.file("DICOMDIR")] {
            let series = try DICOMReader.readSeries(at: location)
            #expect(series.volume.voxels == voxels)
            #expect(series.skipped == [SkippedObjects(reason: .directory, modality: nil, count: 1)])
            #expect(
                series.decisions == [
                    "DICOMDIR refers to 1 files outside of its folder: refused",
                    "DICOMDIR refers to 2 files, 1 of them are not in its folder",
                ])
        }
    }

    // MARK: - Archives

    private func archive(_ change: (inout [MadeArchive.Entry]) -> Void = { _ in }) throws -> URL {
        var entries = try (0..<4).map { index in
            MadeArchive.Entry(
                name: "STUDY/\(index)", content: [UInt8](try Data(contentsOf: folder.file("slice-\(index)"))),
                deflated: index % 2 == 1)
        }
        change(&entries)
        let file = folder.file("study.zip")
        try MadeArchive.bytes(entries).write(to: file)
        return file
    }

    private static func privateFolders() throws -> Set<String> {
        Set(
            try FileManager.default.contentsOfDirectory(atPath: FileManager.default.temporaryDirectory.path).filter {
                $0.hasPrefix("columna-study-")
            })
    }

    @Test func archiveOfAStudyIsReadAndItsFolderRemoved() throws {
        let file = try archive()
        var extracted: URL?
        do {
            let series = try DICOMReader.readSeries(at: file)
            #expect(series.volume.voxels == voxels)
            extracted = series.instances[0].file.deletingLastPathComponent()
            let attributes = try FileManager.default.attributesOfItem(atPath: try #require(extracted).path)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
            withExtendedLifetime(series) {}
        }
        #expect(!FileManager.default.fileExists(atPath: try #require(extracted).path))
    }

    @Test(arguments: [
        ("/etc/passwd", "absolute"), ("../../out", "leads upwards"), ("a\\..\\..\\b", "leads upwards"),
        ("C:\\x", "absolute"),
    ]) func namesThatLeadOutOfAnArchiveAreRefused(name: String, fact: String) throws {
        let error = try #require(MadeSeries.error(try archive { $0[1].name = name }))
        #expect(error.code == .badArchive)
        #expect(error.description.contains(fact))
        #expect(!error.description.contains(name))
    }

    @Test func linksInAnArchiveAreRefused() throws {
        let error = try #require(MadeSeries.error(try archive { $0[1].mode = 0o120777 }))
        #expect(error.description.contains("symbolic link"))
    }

    @Test(arguments: [70_000_000, 5_000_000_000]) func bombsAreRefusedBeforeTheyAreExtracted(size: Int) throws {
        let error = try #require(MadeSeries.error(try archive { $0[1].statedSize = size }))
        #expect(error.code == .badArchive, "\(error)")
    }

    @Test func dataThatBecomeMoreThanStatedAreRefused() throws {
        let error = try #require(MadeSeries.error(try archive { $0[1].statedSize = 100 }))
        #expect(error.code == .badArchive)
    }

    @Test func overlappingFilesOfAnArchiveAreRefused() throws {
        let error = try #require(MadeSeries.error(try archive { $0[2].sharesDataOf = 1 }))
        #expect(error.description.contains("overlap"))
    }

    @Test func damagedArchivesAreRefused() throws {
        let whole = try Data(contentsOf: archive())
        let file = folder.file("study.zip")
        for length in [4, 100, whole.count / 2, whole.count - 30, whole.count - 1] {
            try whole.prefix(length).write(to: file)
            #expect(MadeSeries.error(file)?.code == .badArchive, "cut at \(length)")
        }
        var random: UInt64 = 9
        for _ in 0..<200 {
            var copy = whole
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            copy[Int(random >> 33) % copy.count] ^= UInt8(truncatingIfNeeded: random >> 20) | 1
            try copy.write(to: file)
            _ = MadeSeries.error(file)
        }
    }
}

/// A zip archive made by hand.
enum MadeArchive {
    struct Entry {
        var name: String
        var content: [UInt8]
        var deflated = false
        var mode: UInt16 = 0o100644
        var statedSize: Int?
        var sharesDataOf: Int?
    }

    static func bytes(_ entries: [Entry]) -> Data {
        var (data, directory, offsets): ([UInt8], [UInt8], [Int]) = ([], [], [])
        for entry in entries {
            let stored = entry.deflated ? Deflated.stored(entry.content) : entry.content
            let size = entry.statedSize ?? entry.content.count
            let method = entry.deflated ? 8 : 0
            let offset = entry.sharesDataOf.map { offsets[$0] } ?? data.count
            offsets.append(offset)
            // 5 GB do not fit 32 bits: a Zip64 field holds them.
            let isWide = size > 0xffff_fffe
            let extra = isWide ? number(1, 2) + number(8, 2) + number(size, 8) : []
            let facts =
                number(0, 2) + number(method, 2) + number(0, 4) + number(crc(entry.content), 4)
                + number(stored.count, 4)
                + number(isWide ? 0xffff_ffff : size, 4) + number(entry.name.utf8.count, 2) + number(extra.count, 2)
            data += number(0x0403_4b50, 4) + number(20, 2) + facts + Array(entry.name.utf8) + extra + stored
            directory +=
                number(0x0201_4b50, 4) + number(3 << 8 | 20, 2) + number(20, 2) + facts + number(0, 2) + number(0, 2)
                + number(0, 2)
            directory += number(Int(entry.mode) << 16, 4) + number(offset, 4) + Array(entry.name.utf8) + extra
        }
        let end =
            number(0x0605_4b50, 4) + number(0, 4) + number(entries.count, 2) + number(entries.count, 2)
            + number(directory.count, 4)
        return Data(data + directory + end + number(data.count, 4) + number(0, 2))
    }

    private static func number(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func crc(_ bytes: [UInt8]) -> Int {
        var crc: UInt32 = ~0
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xedb8_8320 : 0) }
        }
        return Int(~crc)
    }
}
