import Faults
import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct NIfTIWritingTests {
    private let affine = Affine(rows: [
        [-0.8374928371167297, -0.2893894881696965, 0.23861079612032213, 31.5],
        [-0.3048224641216426, 0.7274091881179466, 1.0161182273881622, -12.25],
        [-0.12525579086405889, 0.16471064682791764, -4.068239009196039, 140],
    ])

    @Test(arguments: ["a.nii", "a.nii.gz"]) func whatIsWrittenIsReadBack(_ name: String) throws {
        let folder = try TemporaryFolder()
        let geometry = Geometry(size: [7, 5, 3], affine: affine)
        let labels = Volume<UInt8>(geometry: geometry, voxels: (0..<105).map { UInt8($0 * 2) })
        try NIfTI.write(labels, to: folder.file(name))
        let readLabels = try NIfTI.readLabels(folder.file(name))
        #expect(readLabels.voxels == labels.voxels)
        #expect(readLabels.geometry.isSameGrid(as: geometry, toleranceInMillimetres: 1e-4))

        let numbers = Volume<Int16>(geometry: geometry, voxels: (0..<105).map { Int16($0 * 300 - 15000) })
        try NIfTI.write(numbers, to: folder.file(name))
        #expect(try NIfTI.readImage(folder.file(name)).voxels == numbers.voxels.map(Float.init))

        let image = Volume<Float>(geometry: geometry, voxels: (0..<105).map { sin(Float($0)) * 1000 })
        try NIfTI.write(image, to: folder.file(name))
        #expect(try NIfTI.readImage(folder.file(name)).voxels == image.voxels)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [name])
    }

    @Test func qformAgreesWithSform() throws {
        let folder = try TemporaryFolder()
        let geometry = Geometry(size: [2, 2, 2], affine: affine)
        let file = folder.file("a.nii")
        try NIfTI.write(Volume<UInt8>(geometry: geometry, repeating: 1), to: file)
        var bytes = try Data(contentsOf: file)
        // sform_code at byte 254: without it the reader falls back on the qform.
        bytes[254] = 0
        try bytes.write(to: file)
        #expect(try NIfTI.readHeader(file).affineSource == .qform)
        #expect(try NIfTI.readHeader(file).geometry.isSameGrid(as: geometry, toleranceInMillimetres: 1e-4))
    }

    private func codes(_ file: URL) throws -> (qform: Int, sform: Int) {
        let bytes = try Data(contentsOf: file)
        return (Int(bytes[252]), Int(bytes[254]))
    }

    /// Cosines with four decimals, as scanners write them, are no shear; a gantry tilted by two degrees is.
    @Test func aShearedGridHasNoQform() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("a.nii")
        func write(_ affine: Affine) throws -> Geometry {
            let geometry = Geometry(size: [64, 64, 40], affine: affine)
            try NIfTI.write(Volume<UInt8>(geometry: geometry, repeating: 1), to: file)
            let header = try NIfTI.readHeader(file)
            #expect(header.affineSource == .sform)
            #expect(header.geometry.isSameGrid(as: geometry, toleranceInMillimetres: 1e-4))
            return geometry
        }
        _ = try write(
            Affine(
                columns: [[0.6999, 0.0123, 0], [-0.0123, 0.6998, 0.0001], [0.0001, -0.0002, 1.25]],
                origin: [-90, 80, 70]))
        #expect(try codes(file) == (1, 1))
        let tilt = 2 * Double.pi / 180
        _ = try write(
            Affine(
                columns: [[0.7, 0, 0], [0, 0.7, 0], [0, 1.25 * sin(tilt), 1.25 * cos(tilt)]], origin: [-90, 80, 70]))
        #expect(try codes(file) == (0, 1))
    }

    @Test func wholeNumbersTakeTwoBytes() throws {
        let folder = try TemporaryFolder()
        let geometry = Geometry(size: [7, 5, 3], affine: affine)
        let whole = Volume<Float>(geometry: geometry, voxels: (0..<105).map { Float($0 * 600 - 32768) })
        try NIfTI.write(whole, as: .int16, to: folder.file("a.nii"))
        #expect(try NIfTI.readHeader(folder.file("a.nii")).voxelType == .int16)
        #expect(try NIfTI.readImage(folder.file("a.nii")).voxels == whole.voxels)
        for wrong in [0.5, 32768, -32769, 1e30, .nan, -.infinity] as [Float] {
            var volume = whole
            volume[3, 2, 1] = wrong
            #expect(throws: VolumeError(.valuesDoNotFit, "")) {
                try NIfTI.write(volume, as: .int16, to: folder.file("b.nii"))
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["a.nii"])
    }

    @Test func equalVolumesGiveEqualBytes() throws {
        let folder = try TemporaryFolder()
        let volume = Volume<Float>(
            geometry: Geometry(size: [20, 20, 20], affine: affine), voxels: (0..<8000).map { Float($0 % 91) })
        try NIfTI.write(volume, to: folder.file("a.nii.gz"))
        try NIfTI.write(volume, to: folder.file("b.nii.gz"))
        let bytes = try Data(contentsOf: folder.file("a.nii.gz"))
        #expect(try Data(contentsOf: folder.file("b.nii.gz")) == bytes)
        // Bytes 4…7 of a gzip stream are its time stamp, bit 3 of byte 3 says that a name follows.
        #expect(Array(bytes[0..<2]) == [0x1F, 0x8B] && bytes[3] == 0 && Array(bytes[4..<8]) == [0, 0, 0, 0])
    }

    @Test func longAxesAreWrittenAsNIfTI2() throws {
        let folder = try TemporaryFolder()
        let geometry = Geometry(size: [40_000, 2, 1], affine: affine)
        let volume = Volume<Int16>(geometry: geometry, voxels: (0..<80_000).map { Int16($0 % 3000) })
        try NIfTI.write(volume, to: folder.file("a.nii.gz"))
        #expect(try NIfTI.readHeader(folder.file("a.nii.gz")).version == 2)
        let read = try NIfTI.readImage(folder.file("a.nii.gz"))
        #expect(read.geometry == geometry)
        #expect(read.voxels == volume.voxels.map(Float.init))
    }

    @Test func placesThatCannotBeWrittenAreNamed() throws {
        let folder = try TemporaryFolder()
        let volume = Volume<UInt8>(geometry: Geometry(size: [1, 1, 1], affine: affine), repeating: 0)
        #expect(throws: VolumeError(.fileNotWritable, "")) {
            try NIfTI.write(volume, to: folder.file("no/such/folder/a.nii"))
        }
        #expect(throws: VolumeError(.fileNotWritable, "")) { try NIfTI.write(volume, to: folder.file("a.png")) }
        let flat = Volume<UInt8>(
            geometry: Geometry(size: [1, 1, 1], affine: Affine(spacingInMillimetres: [1, 1, 0])), repeating: 0)
        #expect(throws: VolumeError(.spacingNotPositive, "")) { try NIfTI.write(flat, to: folder.file("a.nii")) }
    }
}
