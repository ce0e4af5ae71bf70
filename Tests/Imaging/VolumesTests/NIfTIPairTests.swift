import Faults
import Foundation
import TestSupport
import Testing
import Volumes

/// Header and voxels in two files; a pair made from a single file has the same values.
@Suite struct NIfTIPairTests {
    private let folder: TemporaryFolder
    private let single: Volume<Float>

    init() throws {
        folder = try TemporaryFolder()
        let file = Fixtures.url("volumes/formats/big-int16.nii")
        single = try NIfTI.readImage(file)
        var header = try Data(contentsOf: file)
        let voxels = header[352...]
        header = header.prefix(348)
        header.replaceSubrange(344..<348, with: [0x6E, 0x69, 0x31, 0])
        // vox_offset, a big-endian float.
        header.replaceSubrange(108..<112, with: [0, 0, 0, 0])
        _ = try folder.file("a.hdr", header)
        _ = try folder.file("a.img", Data(voxels))
    }

    @Test(arguments: ["a.hdr", "a.img"]) func eitherFileOfAPairNamesIt(_ name: String) throws {
        #expect(try NIfTI.readImage(folder.file(name)) == single)
        #expect(try NIfTI.readHeader(folder.file(name)).isPair)
    }

    @Test func eitherFileMayBeCompressed() throws {
        let zipped = try folder.gzip("a.img")
        try FileManager.default.removeItem(at: folder.file("a.img"))
        #expect(try NIfTI.readImage(folder.file("a.hdr")) == single)
        #expect(try NIfTI.readImage(zipped) == single)
    }

    @Test func anOffsetCountsFromTheStartOfTheVoxelsFile() throws {
        var header = try Data(contentsOf: folder.file("a.hdr"))
        header.replaceSubrange(108..<112, with: withUnsafeBytes(of: Float(16).bitPattern.bigEndian) { Data($0) })
        try header.write(to: folder.file("a.hdr"))
        try (Data(repeating: 7, count: 16) + Data(contentsOf: folder.file("a.img"))).write(to: folder.file("a.img"))
        #expect(try NIfTI.readImage(folder.file("a.hdr")) == single)
    }

    @Test func halfAPairIsNamed() throws {
        _ = try folder.file("other.nii", Data(contentsOf: folder.file("a.hdr")))
        #expect(throws: VolumeError(.unsupported, "")) { try NIfTI.readImage(folder.file("other.nii")) }
        try FileManager.default.removeItem(at: folder.file("a.img"))
        #expect(throws: VolumeError(.fileMissing, "")) { try NIfTI.readImage(folder.file("a.hdr")) }
        #expect(throws: VolumeError(.fileMissing, "")) { try NIfTI.readImage(folder.file("b.img")) }
        let image = try folder.file("a.img", Data(repeating: 0, count: 47))
        #expect(throws: VolumeError(.truncated, "")) { try NIfTI.readImage(image) }
    }
}
