import Archives
import Faults
import Foundation
import TestSupport
import Testing
import Volumes

/// A limit on the size of files (RLIMIT_FSIZE) refuses writing as a full disk does. It holds for the whole process: it
/// is far above what other tests of this program write.
@Suite(.serialized) struct FullDiskTests {
    @Test(arguments: ["a.nii", "a.nii.gz"]) func aFullDiskIsNamedAndLeavesNothingBehind(_ name: String) throws {
        let folder = try TemporaryFolder()
        let older = Data("older".utf8)
        _ = try folder.file(name, older)
        // Numbers that gzip cannot make much smaller.
        let count = 384 * 384 * 96
        var state: UInt32 = 1
        let voxels = (0..<count).map { _ -> Float in
            state = state &* 1_664_525 &+ 1_013_904_223
            return Float(state >> 8)
        }
        let volume = Volume<Float>(geometry: Geometry(size: [384, 384, 96], affine: .identity), voxels: voxels)
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        var low = limit
        low.rlim_cur = 32 << 20
        // Its default action ends the process.
        signal(SIGXFSZ, SIG_IGN)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &low)
        defer { setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) }

        let error = #expect(throws: VolumeError.self) { try NIfTI.write(volume, to: folder.file(name)) }
        #expect(error?.code == .fileNotWritable)
        #expect(error?.description == "the file cannot be written: File too large")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [name])
        #expect(try Data(contentsOf: folder.file(name)) == older)
    }

    /// /dev/full takes no byte.
    @Test(arguments: [nil, .fast] as [GzipWriter.Effort?]) func theSystemsWordsAreTold(_ effort: GzipWriter.Effort?)
        throws
    {
        let error = #expect(throws: CompressionError.self) {
            let writer = try GzipWriter(path: "/dev/full", gzip: effort)
            try [1, 2, 3].withUnsafeBytes(writer.write)
            try writer.close()
        }
        #expect(error?.code == .inputOutput)
        #expect(error?.description == "the file cannot be written: No space left on device")
    }
}
