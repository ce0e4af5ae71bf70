import Files
import Foundation
import Testing

@Suite struct FileDescriptorTests {
    private let folder: PrivateFolder
    private let path: String

    init() throws {
        folder = try PrivateFolder()
        path = folder.url.appending(path: "a").path
        try Data(0..<100).write(to: URL(filePath: path))
    }

    @Test func bytesAreReadByPositionAsFarAsTheFileGoes() throws {
        let file = try FileDescriptor(path, O_RDONLY)
        var bytes = [UInt8](repeating: 0, count: 30)
        #expect(try bytes.withUnsafeMutableBytes { buffer in try file.read(into: buffer, at: 80) } == 20)
        #expect(Array(bytes.prefix(20)) == Array(80..<100))
    }

    @Test func theRestIsHandedOverInPieces() throws {
        var pieces: [Int] = []
        try FileDescriptor(path, O_RDONLY).readToEnd(atOnce: 64) { pieces.append($0.count) }
        #expect(pieces == [64, 36])
    }

    @Test func aDescriptorEndsWithItsScope() throws {
        let number: Int32
        do {
            let file = try FileDescriptor(path, O_RDONLY)
            number = file.number
            #expect(fcntl(number, F_GETFD) & FD_CLOEXEC == FD_CLOEXEC)
        }
        // The number may be somebody else's by now.
        #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")) != path)
    }

    @Test(arguments: [(ENOENT, true), (EACCES, true), (ELOOP, true), (EIO, false), (ESTALE, false), (EMFILE, false)])
    func whatADiskFailsAtIsNoRefusal(_ number: Int32, _ isRefusal: Bool) {
        #expect(SystemFailure("read a file", number).isRefusal == isRefusal)
    }

    @Test func theSystemsWordsAreToldWithoutThePath() {
        let error = #expect(throws: SystemFailure.self) { _ = try FileDescriptor(path + "/b", O_RDONLY) }
        #expect(error == SystemFailure("open a file", ENOTDIR))
        #expect(error?.description == "cannot open a file: Not a directory")
    }
}
