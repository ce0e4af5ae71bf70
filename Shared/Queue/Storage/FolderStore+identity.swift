import Files
package import FoundationEssentials
import Glibc
import Synchronization

/// What tells a store from another, and from a folder where nothing is mounted: a random number in a file of the root.
extension FolderStore {
    private static let identityFile = "store-identity"

    package func make(identity: UUID) async throws -> UUID {
        let root = root
        return try await offPool { try Self.make(at: root, identity: identity) }
    }

    private static func make(at root: URL, identity: UUID) throws -> UUID {
        do {
            try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        } catch {
            throw StorageError(
                .notWritable, "the storage folder cannot be made: make it, owned by the user who runs the workers",
                path: root.path)
        }
        try makeFolder(root.appending(path: "objects").path, in: root.path)
        try makeFolder(root.appending(path: "temporary").path, in: root.path)
        let path = root.appending(path: identityFile).path
        let draft = "\(path).\(UUID().uuidString.lowercased())"
        defer { unlink(draft) }
        try write(Data((identity.uuidString.lowercased() + "\n").utf8), to: draft)
        try FileDescriptor(draft, O_RDONLY).synchronize()
        // Never over one that is there: of two that make the store at a time, one finds the other's.
        guard link(draft, path) == 0 || errno == EEXIST else {
            throw StorageError(failure: "write the store's identity", errno, path: path)
        }
        try WholeFile.synchronizeFolder(root.path)
        return try readIdentity(at: root.path)
    }

    package func identity() async throws -> UUID {
        let root = root.path
        return try await offPool { try Self.readIdentity(at: root) }
    }

    package func require(_ identity: UUID) async throws {
        expected.withLock { $0 = identity }
        try await offPool { try self.checkIdentity() }
    }

    /// Before every write, so that nothing is written beside the store when its file system goes away.
    func checkIdentity() throws {
        let found = try Self.readIdentity(at: root.path)
        guard let wanted = expected.withLock({ $0 }), wanted != found else { return }
        throw StorageError(
            .otherStore,
            "the storage folder is the store \(StorageError.text(found)), the database's is \(StorageError.text(wanted)): mount that one, or say "
                + "`columna storage init --replace` if this one takes its place", path: root.path)
    }

    private static func readIdentity(at root: String) throws -> UUID {
        let path = "\(root)/\(identityFile)"
        var text: [UInt8] = []
        do {
            try FileDescriptor(path, O_RDONLY).readToEnd(atOnce: 64) { text += $0 }
        } catch let failure as SystemFailure {
            guard failure.isMissing else {
                throw StorageError(failure: "read the store's identity", failure.number, path: path)
            }
            throw StorageError(
                .notAStore,
                "the storage folder holds no store: mount it there; `columna migrate` makes one for a new database, `columna storage init --replace` "
                    + "one that takes the place of another", path: root)
        }
        guard
            let identity = UUID(
                uuidString: String(String(decoding: text, as: UTF8.self).prefix { !$0.isWhitespace }))
        else {
            throw StorageError(
                .notAStore,
                "the store's identity is no UUID: restore the file \(identityFile) of the storage folder from a backup",
                path: path)
        }
        return identity
    }
}
