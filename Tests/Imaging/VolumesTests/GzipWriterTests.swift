import Archives
import Foundation
import TestSupport
import Testing

/// Against `gzip`: what it makes of our streams, whatever the pieces they were handed over in.
@Suite struct GzipWriterTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Numbers that repeat now and then, at every distance up to 100 kB.
    private static func contents(_ count: Int) -> [UInt8] {
        var state: UInt32 = 7
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            state = state &* 1_664_525 &+ 1_013_904_223
            let distance = Int(state >> 8) % 100_000 + 1
            if state % 3 > 0, distance <= bytes.count {
                bytes += Array(bytes[(bytes.count - distance)...].prefix(Int(state >> 24)))
            }
            bytes.append(UInt8(truncatingIfNeeded: state >> 16))
        }
        return Array(bytes.prefix(count))
    }

    private func write(_ bytes: [UInt8], _ name: String, in piece: Int, _ effort: GzipWriter.Effort = .fast) throws
        -> Data
    {
        let file = folder.file(name)
        let writer = try GzipWriter(path: file.path, gzip: effort)
        for first in stride(from: 0, to: bytes.count, by: piece) {
            try bytes[first..<min(first + piece, bytes.count)].withUnsafeBytes(writer.write)
        }
        try writer.close()
        return try Data(contentsOf: file)
    }

    private static let block = 1 << 19

    @Test(
        arguments: [0, 1, 100, block - 1, block, block + 1, 8 * block, 8 * block + 5, 20 * block, 21 * block - 77],
        [GzipWriter.Effort.fast, .thorough])
    func gzipReadsWhatIsWritten(_ count: Int, _ effort: GzipWriter.Effort) throws {
        let bytes = Self.contents(count)
        let stream = try write(bytes, "a.gz", in: max(1, count), effort)
        // The length at the end is that of the last member: there is one only.
        #expect(stream.suffix(4).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) } == count)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/gzip")
        process.arguments = ["-d", folder.file("a.gz").path]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try Data(contentsOf: folder.file("a")) == Data(bytes))
    }

    @Test func piecesDoNotShow() throws {
        let bytes = Self.contents(9 * Self.block + 1234)
        let whole = try write(bytes, "a.gz", in: bytes.count)
        for piece in [999, 1 << 16, Self.block, Self.block + 1] {
            #expect(try write(bytes, "b.gz", in: piece) == whole, "pieces of \(piece)")
        }
        // Blocks know what stands before them: apart they would be larger.
        let apart = try stride(from: 0, to: bytes.count, by: Self.block).map {
            try write(Array(bytes[$0..<min($0 + Self.block, bytes.count)]), "c.gz", in: Self.block).count
        }
        #expect(whole.count < apart.reduce(0, +))
    }
}
