import DICOMDictionary
import DICOMObjects
import DeIdentification
import Faults
import Foundation
import TestSupport
import Testing

/// Objects that would harm a worker, or would slip through.
struct HostileObjectTests {
    @Test func sequencesNestedDeepAreRefused() throws {
        // 60 000 levels in 1 MB: a parser that recurses needs about 90 MB of stack.
        var bytes: [UInt8] = []
        let header =
            RawObject.little(0x0040, 2) + RawObject.little(0xa168, 2) + Array("SQ".utf8) + [
                0, 0, 0xff, 0xff, 0xff, 0xff,
            ]
        let item = RawObject.little(0xfffe, 2) + RawObject.little(0xe000, 2) + [0xff, 0xff, 0xff, 0xff]
        for _ in 0..<60_000 { bytes += header + item }
        #expect(try Self.error(bytes)?.code == .tooLarge || Self.error(bytes)?.code == .corrupt)
    }

    @Test func sequencesNestedAFewLevelsTooDeepAreRefused() throws {
        var inner = RawObject()
        inner.text(0x0010_0010, "PN", "X")
        for _ in 0..<70 {
            var outer = RawObject()
            outer.sequence(0x0040_a168, [inner])
            inner = outer
        }
        #expect(try Self.error(inner.bytes)?.code == .tooLarge)
    }

    @Test(arguments: [20, 200, 400, 700])
    func filesThatEndEarlyAreRefusedAndLeaveNothing(_ missing: Int) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (source, target) = (folder.appending(path: "in"), folder.appending(path: "out"))
        try PlantedObject.write(to: source)
        let bytes = try Data(contentsOf: source)
        try bytes.prefix(bytes.count - missing).write(to: source)
        #expect(throws: DICOMObjectError.self) { try DeIdentifierTests.deIdentifier().deidentify(source, to: target) }
        #expect(!FileManager.default.fileExists(atPath: target.path))
    }

    /// A loopback device has no speed, so the kernel refuses to read what it shows as a regular file of a page.
    @Test(.enabled(if: access("/sys/class/net/lo/speed", R_OK) == 0))
    func aDiskThatFailsWhileItIsReadIsNoFaultOfTheObjects() {
        let error = #expect(throws: DICOMObjectError.self) {
            try DICOMObject(file: URL(filePath: "/sys/class/net/lo/speed"))
        }
        #expect(error?.code == .readFailed && error?.blame == .passing, "\(error.debugDescription)")
    }

    @Test(arguments: ["", "not DICOM at all", String(repeating: "\u{0}", count: 132) + "DICM"])
    func whatIsNoObjectIsRefused(_ text: String) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(text.utf8).write(to: file)
        #expect(throws: DICOMObjectError.self) { try DICOMObject(file: file) }
        #expect(throws: DICOMObjectError(.unreadable, "")) {
            try DICOMObject(file: file.appendingPathExtension("none"))
        }
        #expect(throws: DICOMObjectError(.unreadable, "")) {
            try DICOMObject(file: FileManager.default.temporaryDirectory)
        }
    }

    /// One slice in 15 transfer syntaxes: their pixels keep every byte.
    @Test(.enabled(if: Fixtures.data("codecs") != nil))
    func pixelsAreNotRecoded() throws {
        let folder = try #require(Fixtures.data("codecs"))
        let target = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: target) }
        for source in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            _ = try DeIdentifierTests.deIdentifier().deidentify(source, to: target)
            let (before, after) = (try DICOMObject(file: source), try DICOMObject(file: target))
            #expect(before.transferSyntax == after.transferSyntax)
            if let pixels = before.dataset.bytes(.pixelData) {
                #expect(after.dataset.bytes(.pixelData) == pixels)
            } else {
                // Fragments of a codec stand in the file as they were.
                let (old, new) = (try Data(contentsOf: source), try Data(contentsOf: target))
                #expect(new.range(of: old.suffix(40_000).prefix(20_000)) != nil, "\(source.lastPathComponent)")
            }
        }
    }

    private static func error(_ dataset: [UInt8]) throws -> DICOMObjectError? {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        var object = RawObject()
        object.text(0x0008_0016, "UI", PlantedObject.computedTomography)
        object.text(0x0008_0018, "UI", "1.2.3")
        object.append(dataset)
        try object.write(to: file, sopClass: PlantedObject.computedTomography, instance: "1.2.3")
        do {
            _ = try DICOMObject(file: file)
            return nil
        } catch {
            return error
        }
    }
}
