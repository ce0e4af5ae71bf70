import Foundation
import Glibc
import JobEngine
import Storage
import Testing

/// A store in a folder of its own, removed with the suite's instance.
final class ScratchStore {
    let root = FileManager.default.temporaryDirectory.appending(path: "columna-storage-\(UUID().uuidString)")
    let store: FolderStore

    init() async throws {
        store = FolderStore(root: root)
        _ = try await store.make()
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    func file(of address: ContentAddress) -> URL {
        root.appending(path: "objects/\(address.hex.prefix(2))/\(address.hex.dropFirst(2))")
    }

    var temporaryNames: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: "temporary").path)) ?? []
    }

    /// Opens an object for writing, as only an accident would.
    func damage(_ address: ContentAddress, _ change: (FileHandle) throws -> Void) throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file(of: address).path)
        let handle = try FileHandle(forWritingTo: file(of: address))
        defer { try? handle.close() }
        try change(handle)
    }
}

@Suite struct FolderStoreTests {
    let scratch: ScratchStore
    var store: FolderStore { scratch.store }

    init() async throws { scratch = try await ScratchStore() }

    // FIPS 180-4's examples: the empty message and "abc".
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func addressIsTheSHA256OfTheBytes(text: String, digest: String) async throws {
        let object = try await store.put(Data(text.utf8))
        #expect(object.address.hex == digest)
        #expect(object.byteCount == text.utf8.count)
        #expect(try await Data(contentsOf: store.open(object)) == Data(text.utf8))
        #expect(try await store.verify(object.address) == .intact(byteCount: text.utf8.count))
    }

    @Test func fileOfSeveralBuffersIsTakenOverWhole() async throws {
        let bytes = Data((0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let file = try store.temporaryFile(named: "ct.nii.gz")
        #expect(file.lastPathComponent.hasSuffix("-ct.nii.gz"))
        try bytes.write(to: file)
        let object = try await store.put(file)
        #expect(!FileManager.default.fileExists(atPath: file.path))
        #expect(try await store.put(bytes).address == object.address)
        #expect(try await Data(contentsOf: store.open(object)) == bytes)
        let mode =
            try FileManager.default.attributesOfItem(atPath: scratch.file(of: object.address).path)[.posixPermissions]
            as? Int
        #expect(mode == 0o440)
    }

    @Test func temporaryFileIsNotAnObject() async throws {
        let file = try store.temporaryFile(named: "half")
        try Data("half".utf8).write(to: file)
        #expect(try await store.list().isEmpty)
        // A store that starts after a crash sees neither half an object nor removes what another attempt still writes.
        let restarted = FolderStore(root: scratch.root)
        #expect(try await restarted.list().isEmpty)
        #expect(FileManager.default.fileExists(atPath: file.path))
    }

    @Test func leftoversAreSweptAfterTheirAge() async throws {
        let file = try store.temporaryFile(named: "left")
        try Data("left".utf8).write(to: file)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -7200)], ofItemAtPath: file.path)
        let fresh = try store.temporaryFile(named: "fresh")
        try Data("fresh".utf8).write(to: fresh)
        #expect(try await store.sweepTemporaryFiles(olderThan: .seconds(3600)) == 1)
        #expect(scratch.temporaryNames == [fresh.lastPathComponent])
    }

    @Test func sweepingMakesNoFileWhichAFullDiskWouldNotTake() async throws {
        let file = try store.temporaryFile(named: "left")
        try Data("left".utf8).write(to: file)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -7200)], ofItemAtPath: file.path)
        let watch = inotify_init1(Int32(IN_NONBLOCK))
        defer { close(watch) }
        try #require(inotify_add_watch(watch, store.stagingFolder.path, UInt32(IN_CREATE | IN_MOVED_TO)) >= 0)
        func seesNewFiles() -> Bool {
            var events = [UInt8](repeating: 0, count: 4096)
            return read(watch, &events, events.count) > 0
        }
        #expect(try await store.sweepTemporaryFiles(olderThan: .seconds(3600)) == 1)
        #expect(!seesNewFiles())
        try Data().write(to: store.temporaryFile(named: "new"))
        #expect(seesNewFiles())
    }

    @Test func sameContentFromManyTasksIsOneObject() async throws {
        let store = store
        let bytes = Data(repeating: 7, count: 200_000)
        let addresses = try await withThrowingTaskGroup(of: ContentAddress.self) { group in
            for _ in 0..<32 { group.addTask { try await store.put(bytes).address } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(addresses.count == 1)
        #expect(try await store.list() == [StoredObject(address: addresses.first!, byteCount: bytes.count)])
        #expect(scratch.temporaryNames.isEmpty)
    }

    @Test func aPartIsListedByItsFirstDigitsAndNothingElseIsRead() async throws {
        var all: [StoredObject] = []
        for number in 0..<40 { all.append(try await store.put(Data("\(number)".utf8))) }
        all.sort { $0.address.hex < $1.address.hex }
        #expect(try await store.list() == all)
        // Where a folder of objects would be that cannot be read.
        try Data().write(to: scratch.root.appending(path: "objects/zz"))
        await #expect(throws: StorageError(.missing, "")) { try await store.list() }
        for length in 1...3 {
            let digits = String(all[20].address.hex.prefix(length))
            #expect(
                try await store.list(beginningWith: digits) == all.filter { $0.address.hex.hasPrefix(digits) },
                "\(digits)")
        }
        #expect(try await store.list(beginningWith: String(all[20].address.hex)) == [all[20]])
        let free = try #require(
            (0..<256).map { String($0, radix: 16) }.first { digits in
                digits.count == 2 && !all.contains { $0.address.hex.hasPrefix(digits) }
            })
        #expect(try await store.list(beginningWith: free).isEmpty)
    }

    @Test func verifyFindsAFlippedBit() async throws {
        let object = try await store.put(Data(repeating: 1, count: 1000))
        try scratch.damage(object.address) { handle in
            try handle.seek(toOffset: 500)
            try handle.write(contentsOf: Data([0]))
        }
        let result = try await store.verify(object.address)
        guard case .corrupted(let actual, byteCount: 1000) = result else {
            Issue.record("expected corruption, got \(result)")
            return
        }
        #expect(actual != object.address)
    }

    @Test func openFindsATruncation() async throws {
        let bytes = Data(repeating: 1, count: 1000)
        let object = try await store.put(bytes)
        try scratch.damage(object.address) { try $0.truncate(atOffset: 999) }
        await #expect(throws: StorageError(.wrongLength, "")) { try await store.open(object) }
        // Putting the content again mends it.
        #expect(try await store.put(bytes) == object)
        #expect(try await store.verify(object.address) == .intact(byteCount: 1000))
    }

    @Test func missingObjectIsAnErrorThatNamesItsAddress() async throws {
        let address = try #require(ContentAddress(hex: String(repeating: "0", count: 64)))
        #expect(try await !store.contains(address))
        #expect(try await store.verify(address) == .missing)
        let error = await #expect(throws: StorageError.self) { try await store.open(address, expectedByteCount: nil) }
        #expect(error?.code == .missing)
        #expect(error?.description.contains(address.description) == true)
        #expect(error?.description.contains(scratch.root.path) == false)
    }

    @Test(arguments: ["", "../escape", "a/b", "with space", String(repeating: "a", count: 101)])
    func temporaryFileRefusesOddNames(suffix: String) {
        #expect(throws: StorageError(.invalidName, "")) { try store.temporaryFile(named: suffix) }
    }

    @Test func folderAndLinkAreNotObjects() async throws {
        let folder = try store.temporaryFile(named: "folder")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        await #expect(throws: StorageError(.inputOutput, "")) { try await store.put(folder) }
        let link = try store.temporaryFile(named: "link")
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "/etc/hostname")
        await #expect(throws: StorageError.self) { try await store.put(link) }
        #expect(try await store.list().isEmpty)
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/shm")))
    func fileOfAnotherFileSystemIsRefused() async throws {
        let foreign = URL(filePath: "/dev/shm/columna-\(UUID().uuidString)")
        try Data("foreign".utf8).write(to: foreign)
        defer { try? FileManager.default.removeItem(at: foreign) }
        await #expect(throws: StorageError(.otherFileSystem, "")) { try await store.put(foreign) }
        #expect(FileManager.default.fileExists(atPath: foreign.path))
    }

    @Test func rootThatIsAFileIsNotWritable() async throws {
        let file = scratch.root.appending(path: "file")
        try Data().write(to: file)
        await #expect(throws: StorageError(.notWritable, "")) { try await FolderStore(root: file).make() }
    }
}
