import DICOMSeries
import Faults
import Foundation
import TestSupport
import Testing
import Volumes

/// What lies in a folder beside a good series, under whatever names.
struct FolderTests {
    private let folder: TemporaryFolder
    private let voxels: [Float]

    init() throws {
        folder = try TemporaryFolder()
        for (index, slice) in Self.slices.enumerated() { try slice.write(to: folder.file("slice-\(index)")) }
        voxels = try DICOMReader.readSeries(at: folder.url).volume.voxels
    }

    private static var slices: [MadeObject] {
        (0..<4).map { index in
            var slice = MadeObject(instance: index, position: SIMD3(0, 0, 2 * Double(index)))
            slice.text(0x0010_0010, "PN", "Test^Made")
            return slice
        }
    }

    private func beside(_ modality: String, _ sopClass: String, series: String = "2.25.8") -> MadeObject {
        var object = MadeObject()
        object.text(0x0008_0016, "UI", sopClass)
        object.text(0x0008_0018, "UI", "2.25.8.1")
        object.text(0x0008_0060, "CS", modality)
        object.text(0x0010_0010, "PN", "Test^Made")
        object.text(0x0010_0020, "LO", "patient-1")
        object.text(0x0020_000d, "UI", "2.25.6")
        object.text(0x0020_000e, "UI", series)
        return object
    }

    // MARK: - Whose it is (SlicerRt/SlicerRT#1, commontk/CTK#276)

    @Test(arguments: ["Test^Made", "TEST MADE^", ""]) func anObjectWithoutIdentifierIsNobodyElses(name: String) throws {
        var structures = beside("RTSTRUCT", "1.2.840.10008.5.1.4.1.1.481.3")
        structures.text(0x0010_0020, "LO", "")
        structures.text(0x0010_0010, "PN", name)
        try structures.write(to: folder.file("structures"))
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.volume.voxels == voxels)
        #expect(series.skipped == [SkippedObjects(reason: .noImage, modality: "RTSTRUCT", count: 1)])
    }

    @Test func aSliceWithoutIdentifierIsOfItsSeriesPatient() throws {
        var slice = MadeObject(instance: 4, position: SIMD3(0, 0, 8))
        slice.remove(0x0010_0020)
        slice.text(0x0010_0010, "PN", "Test^Made")
        try slice.write(to: folder.file("slice-4"))
        #expect(try DICOMReader.readSeries(at: folder.url).geometry.size[2] == 5)
    }

    @Test func anObjectOfAnotherNameIsAnotherPatients() throws {
        var structures = beside("RTSTRUCT", "1.2.840.10008.5.1.4.1.1.481.3")
        structures.text(0x0010_0020, "LO", "")
        structures.text(0x0010_0010, "PN", "Other^Made")
        try structures.write(to: folder.file("structures"))
        #expect(MadeSeries.error(folder.url)?.code == .severalPatients)
    }

    // MARK: - Files that cannot be read (dgobbi/vtk-dicom#122, rordenlab/dcm2niix#283)

    private func cut(_ object: MadeObject, by count: Int, to name: String) throws {
        try object.file.dropLast(count).write(to: folder.file(name))
    }

    @Test(arguments: [("PR", "11.1"), ("SR", "88.33"), ("RTSTRUCT", "481.3"), ("KO", "88.59")], [20, 70])
    func damagedObjectsThatAreNoImagesAreLeftOut(what: (String, String), count: Int) throws {
        try cut(beside(what.0, "1.2.840.10008.5.1.4.1.1." + what.1), by: count, to: "damaged")
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.volume.voxels == voxels)
        // The longer cut takes the modality along; the class remains.
        #expect(series.skipped == [SkippedObjects(reason: .unreadable, modality: count == 70 ? nil : what.0, count: 1)])
        #expect(try DICOMReader.listStudy(at: folder.url).skipped == series.skipped)
        // By itself it is what was asked for.
        #expect(MadeSeries.error(folder.file("damaged"))?.code == .truncated)
    }

    @Test func damagedImagesOfAnotherSeriesAreLeftOut() throws {
        try cut(MadeObject(instance: 1, position: .zero, series: "2.25.9"), by: 30, to: "damaged")
        var localizer = MadeObject(instance: 9, position: .zero, orientation: [1, 0, 0, 0, 0, -1])
        localizer.text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\LOCALIZER")
        try cut(localizer, by: 30, to: "localizer")
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.volume.voxels == voxels)
        #expect(series.skipped == [SkippedObjects(reason: .unreadable, modality: "CT", count: 2)])
    }

    /// A slice of the series, or one that ends before it says of which series it is.
    @Test(arguments: [10, 30, 250, 500]) func aDamagedSliceIsNeverLeftOut(count: Int) throws {
        try cut(MadeObject(instance: 9, position: SIMD3(0, 0, 8)), by: count, to: "damaged")
        #expect(MadeSeries.error(folder.url)?.code == .truncated)
    }

    @Test func aDirectoryThatIsCutIsLeftOut() throws {
        var directory = MadeObject()
        directory.text(0x0008_0016, "UI", "1.2.840.10008.1.3.10")
        directory.text(0x0004_1130, "CS", "MEDIUM")
        directory.bytes(0x0010_4000, "UT", [UInt8](repeating: 65, count: 40))
        try cut(directory, by: 20, to: "DICOMDIR")
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.volume.voxels == voxels)
        #expect(series.skipped.map(\.reason) == [.unreadable])
    }

    // MARK: - Names that are no UTF-8 (commontk/CTK#404, nroduit/Weasis#838)

    /// "Schädel" and "Rückgrat" in Latin-1.
    private static let names: [[UInt8]] = [
        [0x53, 0x63, 0x68, 0xe4, 0x64, 0x65, 0x6c], [0x52, 0xfc, 0x63, 0x6b, 0x67, 0x72, 0x61, 0x74],
    ]

    private func path(_ parts: [UInt8]...) -> [CChar] {
        (Array(folder.url.path.utf8) + parts.flatMap { [UInt8(ascii: "/")] + $0 } + [0]).map { CChar(bitPattern: $0) }
    }

    @Test func namesInLatin1AreRead() throws {
        #expect(mkdir(path(Self.names[0]), 0o700) == 0)
        for index in 0..<4 {
            let target =
                index < 2
                ? path(Self.names[0], Self.names[1] + [48 + UInt8(index)]) : path(Self.names[1] + [48 + UInt8(index)])
            #expect(rename(folder.file("slice-\(index)").path, target) == 0)
        }
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.volume.voxels == voxels)
        #expect(series.instances.allSatisfy { FileManager.default.isReadableFile(atPath: $0.file.path) })
        #expect(series.skipped.isEmpty)
    }

    @Test func namesInLatin1LeaveNothingBehind() throws {
        #expect(rename(folder.file("slice-0").path, path(Self.names[0])) == 0)
        var listing: FolderListing? = try FolderListing(folder.url.path)
        let paths = try #require(listing?.paths)
        #expect(paths.count == 4 && paths.allSatisfy { FileManager.default.isReadableFile(atPath: $0) })
        let alias = try #require(paths.first { !$0.contains(folder.url.lastPathComponent) })
        listing = nil
        #expect(!FileManager.default.fileExists(atPath: alias))
        #expect(!FileManager.default.fileExists(atPath: URL(filePath: alias).deletingLastPathComponent().path))
    }

    // MARK: - Links (commontk/CTK#1066, xiangruili/dicm2nii#57)

    @Test func aFolderOfLinksSaysSo() throws {
        let links = try TemporaryFolder()
        for index in 0..<4 {
            try FileManager.default.createSymbolicLink(
                at: links.file("\(index)"), withDestinationURL: folder.file("slice-\(index)"))
        }
        let error = try #require(MadeSeries.error(links.url))
        #expect(error.code == .notDICOM)
        #expect(error.description.contains("4 symbolic links that lead out of it or nowhere were not followed"))
    }
}
