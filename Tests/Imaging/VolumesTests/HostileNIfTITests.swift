import Faults
import Foundation
import TestSupport
import Testing
import Volumes

/// Files that are wrong in every way a file can be: each ends in an error that names the fact, none in a crash.
@Suite struct HostileNIfTITests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func code(_ url: URL, _ limits: ReadLimits = .standard) -> VolumeError.Code? {
        do {
            _ = try NIfTI.readImage(url, limits: limits)
            return nil
        } catch {
            #expect(!error.localizedDescription.isEmpty)
            guard let error = error as? VolumeError else { return nil }
            #expect(!error.description.contains(url.lastPathComponent))
            return error.code
        }
    }

    /// A little-endian NIfTI-1 file of 4×3×2 int16 voxels, changed by `change`.
    private func file(_ change: (inout Data) -> Void) throws -> URL {
        var bytes = try Data(contentsOf: Fixtures.url("volumes/formats/little-int16.nii"))
        change(&bytes)
        return try folder.file("changed.nii", bytes)
    }

    private func put<Number>(_ number: Number, at offset: Int) -> (inout Data) -> Void {
        { bytes in withUnsafeBytes(of: number) { bytes.replaceSubrange(offset..<offset + $0.count, with: $0) } }
    }

    @Test func missingFilesFoldersAndDevicesAreNamed() throws {
        #expect(code(folder.file("none.nii")) == .fileMissing)
        #expect(code(folder.url) == .fileNotReadable)
        #expect(code(URL(filePath: "/dev/null")) == .fileNotReadable)
    }

    @Test func otherContentsAreNotNIfTI() throws {
        #expect(code(try folder.file("a.nii", Data())) == .notNIfTI)
        #expect(code(try folder.file("a.nii", Data("hello, this is text".utf8))) == .notNIfTI)
        #expect(
            code(try folder.file("a.nii.gz", Data([0x1F, 0x8B]))) == .truncated
                || code(folder.file("a.nii.gz")) == .notNIfTI)
        #expect(code(try folder.file("a.nii", Data(repeating: 0xFF, count: 5000))) == .notNIfTI)
        #expect(code(try file(put(UInt32(0x0031_696E), at: 344))) == .unsupported)
        #expect(code(try file(put(UInt32(0), at: 344))) == .notNIfTI)
    }

    @Test func truncationAtAnyLengthIsAnError() throws {
        for name in ["little-int16.nii", "big-nifti2.nii", "gzipped.nii.gz"] {
            let whole = try Data(contentsOf: Fixtures.url("volumes/formats/" + name))
            for length in 0..<whole.count {
                let found = code(try folder.file(name, whole.prefix(length)))
                #expect(
                    found == .truncated || (length < 24 && found == .notNIfTI),
                    "\(name) cut to \(length): \(String(describing: found))")
            }
            #expect(code(try folder.file(name, whole)) == nil)
        }
    }

    @Test func flippedHeaderBytesNeverCrash() throws {
        for (name, headerLength) in [("little-int16.nii", 352), ("big-float64.nii", 352), ("little-nifti2.nii", 544)] {
            let whole = try Data(contentsOf: Fixtures.url("volumes/formats/" + name))
            for position in 0..<headerLength {
                for flip: UInt8 in [0x01, 0x80, 0xFF] {
                    var bytes = whole
                    bytes[position] ^= flip
                    let url = try folder.file("flipped.nii", bytes)
                    _ = code(url, ReadLimits(maximumVoxels: 1 << 20, maximumBytes: 1 << 22))
                    _ = try? NIfTI.readLabels(url, limits: ReadLimits(maximumVoxels: 1 << 20, maximumBytes: 1 << 22))
                }
            }
        }
    }

    @Test func randomHeadersNeverCrash() throws {
        var state: UInt64 = 42
        func random() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        let whole = try Data(contentsOf: Fixtures.url("volumes/formats/little-int16.nii"))
        for _ in 0..<2000 {
            var bytes = whole
            for _ in 0..<(1 + random() % 12) { bytes[Int(4 + random() % 340)] = UInt8(truncatingIfNeeded: random()) }
            _ = code(try folder.file("random.nii", bytes), ReadLimits(maximumVoxels: 1 << 20, maximumBytes: 1 << 22))
        }
    }

    @Test func badGzipStreamsAreErrors() throws {
        let whole = try Data(contentsOf: Fixtures.url("volumes/lumbar-labels.nii.gz"))
        for position in stride(from: 20, to: whole.count, by: 97) {
            var bytes = whole
            bytes[position] ^= 0x55
            // What the damage does not make unreadable, the checksum finds.
            #expect(code(try folder.file("a.nii.gz", bytes)) != nil, "byte \(position)")
        }
    }

    @Test func wrongDimensionsAreErrors() throws {
        #expect(code(try file(put(Int16(0), at: 40))) == .invalidHeader)
        #expect(code(try file(put(Int16(9), at: 40))) == .invalidHeader)
        #expect(code(try file(put(Int16(-4), at: 42))) == .invalidHeader)
        #expect(code(try file(put(Int16(30_000), at: 46))) == .truncated)
        #expect(
            code(try file { bytes in for axis in 0..<3 { put(Int16(30_000), at: 42 + 2 * axis)(&bytes) } }) == .tooLarge
        )
        #expect(
            code(
                try file { bytes in
                    put(Int16(4), at: 40)(&bytes); put(Int16(2), at: 48)(&bytes)
                }) == .unsupported)
        #expect(
            code(Fixtures.url("volumes/lumbar-ct.nii.gz"), ReadLimits(maximumVoxels: 1000, maximumBytes: 1 << 30))
                == .tooLarge)
        #expect(
            code(Fixtures.url("volumes/lumbar-ct.nii.gz"), ReadLimits(maximumVoxels: 1 << 30, maximumBytes: 1000))
                == .tooLarge)
    }

    @Test(arguments: [Int16(1), 32, 128, 1536, 1792, 2304, 7, -4]) func otherVoxelTypesAreRefused(_ type: Int16) throws
    {
        #expect(code(try file(put(type, at: 70))) == .unsupported)
    }

    @Test func affinesThatCannotBeInvertedAreErrors() throws {
        #expect(
            code(try file { $0.replaceSubrange(280..<296, with: Data(repeating: 0, count: 16)) })
                == .affineNotInvertible)
        #expect(
            code(try file { $0.replaceSubrange(280..<328, with: Data(repeating: 0, count: 48)) }) == .spacingNotPositive
        )
        #expect(code(try file(put(Float.nan, at: 280))) == .affineNotInvertible)
        // Without sform and qform the voxel sizes count.
        #expect(
            code(
                try file { bytes in
                    put(Int16(0), at: 254)(&bytes); put(Float(0), at: 84)(&bytes)
                }) == .spacingNotPositive)
    }

    /// As nibabel: a slope of 0 or NaN is no scaling, whatever the intercept; an intercept of NaN with a slope is an
    /// error.
    @Test func scalingsThatAreNoneAreLeftOut() throws {
        let plain = try NIfTI.readImage(file { _ in })
        for slope in [Float(0), .nan, .infinity] {
            let url = try file { bytes in
                put(slope, at: 112)(&bytes); put(Float.nan, at: 116)(&bytes)
            }
            #expect(try NIfTI.readImage(url) == plain)
        }
        #expect(
            code(
                try file { bytes in
                    put(Float(2), at: 112)(&bytes); put(Float.nan, at: 116)(&bytes)
                }) == .invalidHeader)
        let scaled = try NIfTI.readImage(
            file { bytes in
                put(Float(0.5), at: 112)(&bytes); put(Float(-1024), at: 116)(&bytes)
            })
        #expect(scaled.voxels == plain.voxels.map { $0 * 0.5 - 1024 })
    }

    @Test(arguments: [
        (Int16(1536), "128-bit floating point"), (1792, "complex numbers"), (128, "RGB colours"),
        (2304, "RGBA colours"),
    ])
    func refusedVoxelTypesAreNamed(_ type: Int16, _ name: String) throws {
        let url = try file(put(type, at: 70))
        let error = #expect(throws: VolumeError.self) { try NIfTI.readImage(url) }
        #expect(error?.description.contains(name) == true)
    }

    @Test func nanVoxelsAreCountedAndTheFirstIsNamed() throws {
        var bytes = try Data(contentsOf: Fixtures.url("volumes/formats/little-float32.nii"))
        // Voxel (1, 2, 0) of 4×3×2 is number 9, (2, 1, 1) is number 18.
        put(Float.nan, at: 352 + 4 * 9)(&bytes)
        put(Float.infinity, at: 352 + 4 * 18)(&bytes)
        let url = try folder.file("nan.nii", bytes)
        let error = #expect(throws: VolumeError.self) { try NIfTI.readImage(url) }
        #expect(error?.code == .nonFiniteVoxels)
        #expect(
            error?.description
                == "2 of 24 voxels are NaN or infinite, the first at (i, j, k) = (1, 2, 0); expected finite values")
    }

    @Test func labelsMustBeWholeNumbers() throws {
        let fractions = #expect(throws: VolumeError.self) {
            try NIfTI.readLabels(Fixtures.url("volumes/formats/little-float32.nii"))
        }
        #expect(fractions?.code == .labelsNotIntegers)
        #expect(throws: VolumeError(.labelsNotIntegers, "")) {
            try NIfTI.readLabels(Fixtures.url("volumes/formats/little-int16.nii"))
        }
        var bytes = try Data(contentsOf: Fixtures.url("volumes/formats/little-float32.nii"))
        for position in 0..<24 { put(Float(position), at: 352 + 4 * position)(&bytes) }
        #expect(try NIfTI.readLabels(try folder.file("whole.nii", bytes)).voxels == Array(0..<24))
    }

    /// 64 MiB of zeros in 65 kB of gzip behind a header that states 48 bytes.
    @Test func gzipBombStopsAtTheHeadersSize() throws {
        let big = Volume<UInt8>(geometry: Geometry(size: [1024, 1024, 64], affine: .identity), repeating: 0)
        let header = try Data(contentsOf: Fixtures.url("volumes/formats/gzipped.nii.gz"))
        try NIfTI.write(big, to: folder.file("zeros.nii.gz"))
        let bomb = header + (try Data(contentsOf: folder.file("zeros.nii.gz")))
        #expect(bomb.count < 400_000)
        #expect(code(try folder.file("bomb.nii.gz", bomb)) == .longerThanHeaderStates)
        let claimed = try file(put(Int16(512), at: 46))
        #expect(code(claimed) == .truncated)
    }
}
