import Faults
import Foundation
import TestSupport
import Testing
import Volumes

/// Files that are no NIfTI are named as what they are.
@Suite struct StrangerFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func refusal(_ url: URL) -> String? {
        #expect(throws: VolumeError.self) { try NIfTI.readImage(url) }?.description
    }

    @Test(arguments: [
        ("", "an empty file"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n", "a pointer of Git LFS (`git lfs pull`"),
        ("<!DOCTYPE html><html></html>", "a web page (HTML)"), ("{\"error\": 404}", "JSON"),
        ("/annex/objects/MD5E-s7--1.nii.gz\n", "a pointer of git-annex"),
        ("NRRD0004\n", "NRRD"),
    ])
    func textsInPlaceOfAVolumeAreNamed(_ text: String, _ name: String) throws {
        let plain = try folder.file("a.nii", Data(text.utf8))
        #expect(refusal(plain)?.contains("not a NIfTI file but \(name)") == true)
        #expect(refusal(try folder.gzip("a.nii"))?.contains("not a NIfTI file but gzip of \(name)") == true)
    }

    @Test func analyzeIsNamed() throws {
        var bytes = MadeHeader().file
        bytes.replaceSubrange(344..<348, with: [0, 0, 0, 0])
        #expect(refusal(try folder.file("a.hdr.nii", bytes))?.contains("ANALYZE 7.5") == true)
    }

    @Test func linksOfGitAnnexWithoutContentsAreNamed() throws {
        let link = folder.file("a.nii.gz")
        try FileManager.default.createSymbolicLink(
            atPath: link.path, withDestinationPath: ".git/annex/objects/Xy/Zz/MD5E-s7--1.nii.gz")
        #expect(refusal(link)?.contains("git annex get") == true)
        let other = folder.file("b.nii.gz")
        try FileManager.default.createSymbolicLink(atPath: other.path, withDestinationPath: "nothing")
        #expect(refusal(other) == "a symbolic link to a file that does not exist")
    }

    @Test func contentTellsNIfTIWhereTheNameDoesNot() throws {
        #expect(NIfTI.isNIfTI(try folder.file("ct", MadeHeader().file)))
        #expect(NIfTI.isNIfTI(try folder.file("ct.dat", MadeHeader(version: 2).file)))
        #expect(NIfTI.isNIfTI(folder.file("missing.nii.gz")) && !NIfTI.isNIfTI(folder.url))
        #expect(!NIfTI.isNIfTI(try folder.file("page", Data("<html>".utf8))))
        #expect(!NIfTI.isNIfTI(try folder.file("0001.img", Data(count: 128) + Data("DICM".utf8))))
        #expect(NIfTI.isNIfTI(try folder.file("ct.img", Data(count: 48))))
        #expect(NIfTI.nameOfStranger(folder.file("page"))?.hasPrefix("a web page") == true)
        #expect(NIfTI.nameOfStranger(folder.file("ct")) == nil)
    }

    @Test func onlyANoteOfOursIsRead() throws {
        let volume = Volume<UInt8>(geometry: Geometry(size: [2, 2, 2], affine: .identity), repeating: 1)
        try NIfTI.write(volume, note: "left out: L6 (50 voxels)", to: folder.file("own.nii.gz"))
        #expect(try NIfTI.readHeader(folder.file("own.nii.gz")).note == "left out: L6 (50 voxels)")
        #expect(try NIfTI.readLabels(folder.file("own.nii.gz")) == volume)
        try NIfTI.write(volume, note: String(repeating: "x", count: 200), to: folder.file("long.nii"))
        #expect(try NIfTI.readHeader(folder.file("long.nii")).note?.count == 70)
        var bytes = MadeHeader().file
        bytes.replaceSubrange(148..<156, with: Data("Doe^Jane".utf8))
        #expect(try NIfTI.readHeader(folder.file("other.nii", bytes)).note == nil)
    }
}
