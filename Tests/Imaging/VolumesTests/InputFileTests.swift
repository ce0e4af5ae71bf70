import Faults
import Foundation
import TestSupport
import Testing
import Volumes

/// Files that somebody writes to while they are read.
@Suite struct InputFileTests {
    private let folder: TemporaryFolder
    private let url: URL

    init() throws {
        folder = try TemporaryFolder()
        url = try folder.file("a.bin", Data(repeating: 1, count: 10_000))
    }

    private func write(_ change: (FileHandle) throws -> Void) throws {
        let handle = try FileHandle(forWritingTo: url)
        try change(handle)
        try handle.close()
    }

    private func readAll(_ file: InputFile) throws -> Int {
        var bytes = [UInt8](repeating: 0, count: file.byteCount)
        return try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
    }

    @Test func aQuietFileIsUnchanged() throws {
        let file = try InputFile(path: url.path)
        #expect(try readAll(file) == 10_000)
        try file.requireUnchanged()
    }

    /// A memory map would end the process here.
    @Test func aFileCutShortReadsShortAndIsTold() throws {
        let file = try InputFile(path: url.path)
        try write { try $0.truncate(atOffset: 100) }
        #expect(try readAll(file) == 100)
        let error = #expect(throws: VolumeError.self) { try file.requireUnchanged() }
        #expect(error?.code == .changedWhileRead)
        #expect(error?.description == "the file was changed while it was read; read it again once it is complete")
    }

    @Test func aFileThatGrowsIsTold() throws {
        let file = try InputFile(path: url.path)
        try write { handle in
            try handle.seekToEnd()
            try handle.write(contentsOf: Data([1]))
        }
        #expect(throws: VolumeError(.changedWhileRead, "")) { try file.requireUnchanged() }
    }

    /// The kernel gives EIO for memory that a process has not.
    @Test(.enabled(if: access("/proc/self/mem", R_OK) == 0)) func aDiskThatFailsWhileItIsReadIsNoFaultOfTheFiles() {
        let error = #expect(throws: VolumeError.self) { try NIfTI.readImage(URL(filePath: "/proc/self/mem")) }
        #expect(error?.code == .readFailed && error?.blame == .passing, "\(error.debugDescription)")
    }

    @Test func aFileThatIsReplacedIsReadToItsEnd() throws {
        let file = try InputFile(path: url.path)
        let other = try folder.file("b.bin", Data(repeating: 2, count: 5))
        #expect(rename(other.path, url.path) == 0)
        #expect(try readAll(file) == 10_000)
        try file.requireUnchanged()
    }

    /// Whoever reads while a volume is cut short and made whole again sees the whole, or an error, and lives.
    @Test func volumesCutShortWhileTheyAreReadAreErrors() throws {
        let geometry = Geometry(size: [128, 128, 64], affine: .identity)
        let volume = Volume<Float>(geometry: geometry, voxels: (0..<geometry.voxelCount).map { Float($0 % 4096) })
        let target = folder.file("a.nii")
        try NIfTI.write(volume, as: .int16, to: target)
        let whole = try Data(contentsOf: target)
        let thread = Thread {
            for _ in 0..<40 {
                truncate(target.path, 4096)
                try? whole.write(to: target)
            }
        }
        thread.start()
        while !thread.isFinished {
            do {
                #expect(try NIfTI.readImage(target) == volume)
            } catch let error as VolumeError {
                #expect([.truncated, .changedWhileRead, .notNIfTI].contains(error.code), "\(error.debugDescription)")
            }
        }
    }
}
