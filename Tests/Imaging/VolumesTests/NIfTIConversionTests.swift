import Faults
import Foundation
import TestSupport
import Testing
import Volumes

/// Every type, byte order and version, written again.
@Suite struct NIfTIConversionTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: NIfTIFormatTests.cases.keys.sorted(), ["a.nii", "a.nii.gz"])
    func voxelsKeepTheirTypeAndValues(_ name: String, _ target: String) throws {
        let source = Fixtures.url("volumes/formats/" + name)
        let (image, header) = (try NIfTI.readImage(source), try NIfTI.readHeader(source))
        let target = folder.file(target)
        let written = try NIfTI.convert(source, to: target)
        let found = try NIfTI.readHeader(target)
        #expect(written == image.geometry)
        #expect(
            found.voxelType == header.voxelType && found.slope == header.slope && found.intercept == header.intercept)
        #expect(!found.isBigEndian && found.geometry.isSameGrid(as: image.geometry, toleranceInMillimetres: 1e-4))
        #expect(try NIfTI.readImage(target).voxels == image.voxels)

        let turned = try #require(Orientation("SPL"))
        #expect(try NIfTI.convert(source, to: target, orientation: turned).orientation == turned)
        #expect(try NIfTI.readImage(target).voxels == image.reoriented(to: turned).voxels)
    }

    /// What single precision cannot hold: NaN with a payload, 2⁵³ + 1 of an Int64.
    @Test func bitsAreKept() throws {
        for (name, pattern) in [
            ("little-float64.nii", UInt64(0x7FF8_0000_0000_1234)), ("little-int64.nii", UInt64(1 << 53 + 1)),
        ] {
            var bytes = try Data(contentsOf: Fixtures.url("volumes/formats/" + name))
            withUnsafeBytes(of: pattern) { bytes.replaceSubrange(352..<360, with: $0) }
            let source = try folder.file("in.nii", bytes)
            try NIfTI.convert(source, to: folder.file("out.nii"))
            #expect(try Data(contentsOf: folder.file("out.nii"))[352...] == bytes[352...])
        }
    }

    @Test func scalingThatSinglePrecisionCannotHoldTakesNIfTI2() throws {
        var bytes = try Data(contentsOf: Fixtures.url("volumes/formats/little-nifti2.nii"))
        withUnsafeBytes(of: 0.1) { bytes.replaceSubrange(176..<184, with: $0) }
        withUnsafeBytes(of: -1024.0) { bytes.replaceSubrange(184..<192, with: $0) }
        try NIfTI.convert(folder.file("in.nii", bytes), to: folder.file("out.nii"))
        let header = try NIfTI.readHeader(folder.file("out.nii"))
        #expect(header.version == 2 && header.slope == 0.1 && header.intercept == -1024)
    }

    @Test func damagedFilesLeaveNothing() throws {
        let whole = try Data(contentsOf: Fixtures.url("volumes/formats/little-int16.nii"))
        let cut = try folder.file("cut.nii", whole.dropLast(3))
        #expect(throws: VolumeError(.truncated, "")) { try NIfTI.convert(cut, to: folder.file("out.nii")) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["cut.nii"])
    }
}
