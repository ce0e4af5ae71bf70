import Archives
import Faults
import Foundation
import PyTorchFiles
import TestSupport
import Testing

@Suite struct ZipArchiveTests {
    /// One file as the archive should say it is; every field can be made wrong.
    private struct Made {
        var name = "a.txt"
        var data: [UInt8] = Array("hello".utf8)
        var method: UInt16 = 0
        var flags: UInt16 = 0
        var checksum: UInt32 = 0x3610_A686
        var compressed: UInt32?
        var size: UInt32?
        var offset: UInt32?
        var localName: String?
        /// The directory's extra field.
        var extra: [UInt8] = []
    }

    private func little<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian, Array.init)
    }

    private func archive(_ files: [Made], entryCount: UInt16? = nil, directoryOffset: UInt32? = nil) -> Data {
        var (bytes, directory): ([UInt8], [UInt8]) = ([], [])
        for file in files {
            let offset = file.offset ?? UInt32(bytes.count)
            let name = Array(file.name.utf8)
            let localName = Array((file.localName ?? file.name).utf8)
            let sizes =
                little(file.checksum) + little(file.compressed ?? UInt32(file.data.count))
                + little(file.size ?? UInt32(file.data.count))
            let start = little(UInt16(20)) + little(file.flags) + little(file.method) + little(UInt32(0))
            bytes +=
                little(UInt32(0x0403_4B50)) + start + sizes + little(UInt16(localName.count)) + little(UInt16(0))
                + localName + file.data
            directory += little(UInt32(0x0201_4B50)) + little(UInt16(20)) + start + sizes
            directory +=
                little(UInt16(name.count)) + little(UInt16(file.extra.count)) + [UInt8](repeating: 0, count: 10)
            directory += little(offset) + name + file.extra
        }
        let count = entryCount ?? UInt16(files.count)
        let end =
            little(UInt32(0x0605_4B50)) + little(UInt32(0)) + little(count) + little(count)
            + little(UInt32(directory.count))
        return Data(bytes + directory + end + little(directoryOffset ?? UInt32(bytes.count)) + little(UInt16(0)))
    }

    private func contents(_ data: Data, limit: Int = 1000) throws -> [String: Data] {
        let archive = try ZipArchive(data: data)
        return try Dictionary(
            uniqueKeysWithValues: archive.entries.map { ($0.name, try archive.bytes($0, limit: limit)) })
    }

    /// "hello" as raw deflate.
    private let deflated: [UInt8] = [0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]

    @Test func storedAndDeflatedEntriesAreRead() throws {
        let data = archive([Made(), Made(name: "b/c", data: deflated, method: 8, size: 5)])
        #expect(try contents(data) == ["a.txt": Data("hello".utf8), "b/c": Data("hello".utf8)])
        // From the middle of a larger buffer, as an archive in an archive is.
        #expect(try contents((Data([1, 2, 3]) + data).dropFirst(3)) == contents(data))
    }

    /// Sizes and offset of eight bytes, as archives above four gigabytes have them.
    private func wide(_ values: [UInt64], kind: UInt16 = 1) -> [UInt8] {
        little(kind) + little(UInt16(8 * values.count)) + values.flatMap { little($0) }
    }

    @Test func sizesInTheExtraFieldAreRead() throws {
        let unknown = little(UInt16(0x4246)) + little(UInt16(3)) + [1, 2, 3]
        let full = UInt32.max
        let stored = archive([Made(compressed: full, size: full, offset: full, extra: unknown + wide([5, 5, 0]))])
        #expect(try contents(stored) == ["a.txt": Data("hello".utf8)])
        let pressed = archive([Made(data: deflated, method: 8, size: full, extra: wide([5]))])
        #expect(try contents(pressed) == ["a.txt": Data("hello".utf8)])
        let false64: [[UInt64]] = [
            [5, 5], [5, 6, 0], [.max, .max, 0], [1 << 40, 1 << 40, 0], [5, 5, 1 << 62],
            [UInt64(Int.max), UInt64(Int.max), UInt64(Int.max)],
        ]
        for values in false64 {
            let data = archive([Made(compressed: full, size: full, offset: full, extra: wide(values))])
            #expect(throws: PyTorchFileError(.malformedArchive, ""), "\(values)") { try contents(data, limit: .max) }
        }
    }

    @Test func pythonsArchivesAreRead() throws {
        let archive = try ZipArchive(data: Data(contentsOf: Fixtures.url("pytorch/nnunet-plain.zip")))
        let checkpoint = try #require(archive.entries.first { $0.name.hasSuffix("fold_1/checkpoint_final.pth") })
        let file = try PyTorchFile(data: archive.bytes(checkpoint, limit: 1_000_000))
        #expect(file.graph.text(file.graph.value(["init_args", "configuration"], of: file.graph.root)) == "3d_fullres")
    }

    @Test(arguments: [
        (Made(checksum: 1), "CRC-32"),
        (Made(data: [0xCB, 0x48], method: 8, size: 5), "end after"),
        (Made(data: [0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], method: 8, size: 4), "go on after the 4 bytes"),
        (Made(data: [0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], method: 8, size: 6), "become 5 bytes, 6 were stated"),
        (Made(data: [0xFF, 0xFF], method: 8, size: 5), "damaged"),
        (Made(data: [0xCB], method: 8, size: 0x7FFF_FFFF), "states 2147483647 bytes made of 1"),
        (Made(compressed: 4), "states 5 bytes made of 4"), (Made(compressed: 5000, size: 5000), "ends behind byte"),
        (Made(offset: 1), "not where it should be"), (Made(offset: 0xFFFF_FFF0), "is said to be at byte"),
        (Made(localName: "b.txt"), "two names"),
        (Made(name: "../a"), "without .."), (Made(name: "a/../../b"), "without .."),
        (Made(name: "/etc/passwd"), "without .."),
        (Made(name: "C:\\a"), "without .."), (Made(name: ""), "without .."),
        (Made(flags: 1), "encrypted"), (Made(method: 12), "compression 12"),
    ]) private func defectsAreNamed(file: Made, reason: String) {
        let error = #expect(throws: PyTorchFileError.self) { try contents(archive([file])) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test func entriesThatShareBytesOrNamesAreRefused() {
        let overlap = #expect(throws: PyTorchFileError.self) {
            try ZipArchive(data: archive([Made(), Made(offset: 0)]))
        }
        #expect(overlap?.description.contains("two entries") == true)
        let quoted = archive([Made(data: [UInt8](repeating: 0, count: 100)), Made(name: "b", compressed: 1, size: 1)])
        var hidden = quoted
        // The second entry's header is moved into the first one's data.
        let header = Data(
            little(UInt32(0x0403_4B50)) + [UInt8](repeating: 0, count: 22) + little(UInt16(1)) + little(UInt16(0)) + [
                0x62
            ])
        hidden.replaceSubrange(40..<40 + header.count, with: header)
        let place = hidden.count - 22 - 5
        hidden.replaceSubrange(place..<place + 4, with: little(UInt32(40)))
        let error = #expect(throws: PyTorchFileError.self) { try ZipArchive(data: hidden) }
        #expect(error?.description.contains("overlap") == true, "\(error?.description ?? "")")
    }

    @Test func anEntryAboveItsLimitIsNotRead() throws {
        let zeros = Made(data: [UInt8](repeating: 0, count: 50))
        #expect(throws: PyTorchFileError(.malformedArchive, "")) { try contents(archive([zeros]), limit: 49) }
    }

    /// torch.save never deflates: a deflated storage could become a thousand times what the file has.
    @Test func storagesOfATorchArchiveMustNotBeDeflated() {
        let pickle = Made(name: "x/data.pkl", data: [0x80, 2, 0x4E, 0x2E], checksum: 0x7DB5_D20D)
        #expect(throws: Never.self) { try PyTorchFile(data: archive([pickle, Made(name: "x/data/0")])) }
        let hostile = archive([pickle, Made(name: "x/data/0", data: deflated, method: 8, size: 5)])
        let error = #expect(throws: PyTorchFileError.self) { try PyTorchFile(data: hostile) }
        #expect(error?.code == .unsupported)
        #expect(error?.description.contains("data/0") == true, "\(error?.description ?? "")")
    }

    @Test func falseDirectoriesAreRefused() {
        #expect(throws: PyTorchFileError(.malformedArchive, "")) {
            try ZipArchive(data: archive([Made()], entryCount: 2))
        }
        #expect(throws: PyTorchFileError(.malformedArchive, "")) {
            try ZipArchive(data: archive([Made()], directoryOffset: 0))
        }
        #expect(throws: PyTorchFileError(.malformedArchive, "")) {
            try ZipArchive(data: archive([Made()], directoryOffset: 0xFFFF_FFF0))
        }
        #expect(throws: PyTorchFileError(.malformedArchive, "")) { try ZipArchive(data: Data()) }
    }
}
