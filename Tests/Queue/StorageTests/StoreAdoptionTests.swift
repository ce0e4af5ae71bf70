import Foundation
import JobEngine
import Storage
import TestSupport
import Testing

/// What a database knows of its store, in memory.
private actor KnownStore: StoreRegistry {
    private var store: UUID?
    private let addresses: [ContentAddress]

    init(_ store: UUID? = nil, refersTo addresses: [ContentAddress] = []) {
        self.store = store
        self.addresses = addresses
    }

    func registeredStore() -> UUID? { store }

    func register(store: UUID, replacing: Bool, actor: String) -> Bool {
        if self.store == nil || replacing { self.store = store }
        return self.store == store
    }

    func newestAddresses(limit: Int) -> [ContentAddress] { Array(addresses.prefix(limit)) }
}

@Suite struct StoreAdoptionTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "columna-adoption-\(UUID().uuidString)")

    private func adopt(_ registry: KnownStore, replacing: Bool = false) async throws -> StoreAdoption.Outcome {
        try await StoreAdoption(store: FolderStore(root: folder), registry: registry, actor: "tests").perform(
            replacing: replacing)
    }

    /// As a version without identities left it, with one object.
    private func makeOldStore() async throws -> ContentAddress {
        _ = try await FolderStore(root: folder).make()
        let object = try await FolderStore(root: folder).put(Data("old".utf8))
        try FileManager.default.removeItem(at: folder.appending(path: "store-identity"))
        return object.address
    }

    @Test func aNewDatabaseGetsANewStoreOnce() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let registry = KnownStore()
        guard case .made(let identity) = try await adopt(registry) else {
            Issue.record("not made")
            return
        }
        #expect(await registry.registeredStore() == identity)
        #expect(try await adopt(registry) == .known(identity))
        #expect(try await FolderStore(root: folder).identity() == identity)
    }

    @Test func aStoreOfAnOlderVersionIsAdoptedWithWhatItHolds() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let registry = KnownStore(refersTo: [.repeating("0"), try await makeOldStore()])
        guard case .adopted(let identity) = try await adopt(registry) else {
            Issue.record("not adopted")
            return
        }
        #expect(await registry.registeredStore() == identity)
    }

    @Test func anEmptyMountPointIsNotAdoptedByADatabaseThatHasWritten() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let registry = KnownStore(refersTo: [.repeating("0")])
        await #expect(throws: StorageError(.notAStore, "")) { try await adopt(registry) }
        #expect(await registry.registeredStore() == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        guard case .replaced = try await adopt(registry, replacing: true) else {
            Issue.record("not replaced")
            return
        }
    }

    /// Another database's store, with the identity that it got there.
    @Test func aStoreWithNothingOfWhatTheDatabaseHasWrittenIsTakenOnTheOperatorsWordOnly() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let others = try await FolderStore(root: folder).make()
        let registry = KnownStore(refersTo: [.repeating("0")])
        await #expect(throws: StorageError(.notAStore, "")) { try await adopt(registry) }
        #expect(await registry.registeredStore() == nil)
        #expect(try await adopt(registry, replacing: true) == .replaced(others))
    }

    @Test func aStoreThatHasAnIdentityAndWhatTheDatabaseHasWrittenIsAdopted() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let identity = try await FolderStore(root: folder).make()
        let object = try await FolderStore(root: folder).put(Data("old".utf8))
        #expect(try await adopt(KnownStore(refersTo: [object.address])) == .adopted(identity))
        // A database that has written nothing, restored empty or new, takes it as it is.
        #expect(try await adopt(KnownStore()) == .adopted(identity))
    }

    @Test func anEmptyFolderInPlaceOfTheKnownStoreIsRefused() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let known = UUID()
        let registry = KnownStore(known)
        await #expect(throws: StorageError(.notAStore, "")) { try await adopt(registry) }
        // Restored from a backup that left the file out: it gets its identity back.
        #expect(try await adopt(registry, replacing: true) == .replaced(known))
        #expect(try await adopt(registry) == .known(known))
    }

    @Test func anotherStoreIsTakenOnTheOperatorsWordOnly() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let other = try await FolderStore(root: folder).make()
        let registry = KnownStore(UUID())
        await #expect(throws: StorageError(.otherStore, "")) { try await adopt(registry) }
        #expect(try await adopt(registry, replacing: true) == .replaced(other))
        #expect(await registry.registeredStore() == other)
    }
}

extension FolderStoreTests {
    @Test func nothingIsPutWhereNoStoreIs() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "columna-unmounted-\(UUID().uuidString)")
        await #expect(throws: StorageError(.notAStore, "")) { try await FolderStore(root: folder).put(Data("x".utf8)) }
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test func nothingIsPutIntoAnotherStoreThanTheRequiredOne() async throws {
        await #expect(throws: StorageError(.otherStore, "")) { try await store.require(UUID()) }
        await #expect(throws: StorageError(.otherStore, "")) { try await store.put(Data("x".utf8)) }
        try await store.require(try await store.identity())
        _ = try await store.put(Data("x".utf8))
    }

    @Test func aStoreMadeTwiceAtATimeHasOneIdentity() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "columna-made-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let identities = try await withThrowingTaskGroup(of: UUID.self) { group in
            for _ in 0..<8 { group.addTask { try await FolderStore(root: folder).make() } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(identities.count == 1)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                "objects", "store-identity", "temporary",
            ])
    }
}
