import DICOMSeries
import Faults
import Foundation
import TestSupport
import Testing

/// Where a copy, a download or a checkout left something else in a slice's place, the reader says so.
struct LostFilesTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try MadeSeries.write(to: folder.url)
    }

    private static let page = "<!DOCTYPE html><html><body>log in</body></html>"
    private static let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n"

    private func decisions() throws -> [String] { try DICOMReader.readSeries(at: folder.url).decisions }

    @Test(arguments: [
        ([UInt8](), "it is empty"), (Array(page.utf8), "it is a web page (HTML)"),
        (Array(pointer.utf8), "it is a pointer of Git LFS"),
        (Array("/annex/objects/MD5E-s7--1.dcm\n".utf8), "it is a pointer of git-annex"),
        ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0], "it is gzip"),
        ([UInt8](repeating: 0, count: 600), "it is zeros only"),
    ])
    func anEndSliceThatIsNoneIsToldOf(_ bytes: [UInt8], _ words: String) throws {
        try Data(bytes).write(to: folder.file("CT0005.dcm"))
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.instanceCount == 4)
        #expect(series.decisions == ["1 file beside the images is none: \(words), so slices may be missing"])
        #expect(series.skipped == [SkippedObjects(reason: .notDICOM, modality: nil, count: 1)])
        #expect(try DICOMReader.listStudy(at: folder.url).decisions == series.decisions)
    }

    @Test func severalAreCountedByKind() throws {
        try Data().write(to: folder.file("6.dcm"))
        for name in ["1.2.3.44", "7"] { try Data(Self.page.utf8).write(to: folder.file(name)) }
        #expect(
            try decisions() == [
                "3 files beside the images are none: 1 is empty, 2 are web pages (HTML), so slices may be missing"
            ])
    }

    @Test(arguments: [
        (".nomedia", ""), ("LOCKFILE", ""), ("notes.txt", ""), ("INDEX.HTM", page),
        ("label.nii.gz", "\u{1F}not packed"), ("notes", "an export"),
        ("facts", "{}"),
    ])
    func whatMerelyLiesThereIsNot(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: folder.file(name))
        #expect(try decisions() == [])
    }

    @Test func theGapTheyLeaveIsToldTogetherWithThem() throws {
        try Data().write(to: folder.file("CT0003.dcm"))
        let error = try #require(MadeSeries.error(folder.url))
        #expect(error.code == .missingSlice)
        #expect(error.description.hasSuffix("; 1 file beside the images is none: it is empty"))
    }

    /// Files that are held open lie under other names than their own.
    @Test func namesAreThoseThatWereSent() throws {
        let lost = folder.file("held")
        try Data().write(to: lost)
        let slices = (1...5).map { folder.file("CT000\($0).dcm") }
        func decisions(_ name: String) throws -> [String] {
            let names = (slices.map(\.lastPathComponent) + [name]).map { Array($0.utf8) }
            return try DICOMReader.readSeries(of: StudyFiles(files: slices + [lost], paths: names, outsideLinks: 0))
                .decisions
        }
        #expect(try decisions("inner/6.dcm").count == 1)
        #expect(try decisions("inner/.keep") == [])
    }

    @Test func aFolderOfNothingElseSaysWhatTheyAre() throws {
        let other = try TemporaryFolder()
        for name in ["1.dcm", "2.dcm"] { try Data(Self.pointer.utf8).write(to: other.file(name)) }
        let message =
            "folder holds no DICOM object: none of its 2 files has a DICOM prefix: 2 are pointers of Git LFS (`git lfs pull` fetches the file itself)"
        #expect(MadeSeries.error(other.url)?.description == message)
    }

    @Test func aFileIsNamedAsWhatItIs() throws {
        try Data(Self.page.utf8).write(to: folder.file("page.dcm"))
        #expect(
            MadeSeries.error(folder.file("page.dcm"))?.description.hasPrefix(
                "file is not a DICOM object but a web page (HTML)") == true)
    }
}
