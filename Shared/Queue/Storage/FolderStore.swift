import Files
package import FoundationEssentials
import Glibc
package import JobEngine
import Synchronization
import Threads

/// A store in a folder that all workers mount.
///
///     <root>/objects/ab/cdef…      the bytes of sha256:abcdef…, mode 0440, never changed
///     <root>/temporary/…           files being written, each by one attempt
///     <root>/store-identity        a random UUID, which the database knows as well
///
/// Invariant: a name under `objects` appears by one rename(2) of a file whose bytes are already on the medium. So a
/// crash at any moment leaves either the whole object or none, and at most a temporary file that ingestion sweeps away.
package final class FolderStore: ObjectStore {
    package let root: URL
    private let objects: String
    private let temporary: String
    /// The identity that the database knows; nil until ``require(_:)`` was told.
    let expected = Mutex<UUID?>(nil)

    /// Touches nothing: what is there shows at the first use. A store is made by ``make(at:identity:)``.
    package init(root: URL) {
        self.root = root
        objects = root.appending(path: "objects").path
        temporary = root.appending(path: "temporary").path
    }

    /// Where files may be written that ``put(_:)`` then takes over without copying them.
    package var stagingFolder: URL { URL(filePath: temporary, directoryHint: .isDirectory) }

    package func put(_ file: URL) async throws -> StoredObject {
        let path = file.path
        return try await offPool { try self.takeOver(path) }
    }

    package func put(_ data: Data) async throws -> StoredObject {
        let path = try temporaryFile(named: "data").path
        return try await offPool {
            try self.checkIdentity()
            do {
                try Self.write(data, to: path)
                return try self.takeOver(path)
            } catch {
                unlink(path)
                throw error
            }
        }
    }

    package func open(_ address: ContentAddress, expectedByteCount: Int?) async throws -> URL {
        let path = path(of: address)
        try await offPool {
            guard let byteCount = try Self.byteCount(path, address) else {
                throw StorageError(failure: "find object \(address)", ENOENT, path: path, address: address)
            }
            if let expectedByteCount, byteCount != expectedByteCount {
                throw StorageError(
                    .wrongLength,
                    "object \(address) has \(byteCount) bytes, expected \(expectedByteCount): run columna storage verify",
                    address: address, path: path)
            }
            guard access(path, R_OK) == 0 else {
                throw StorageError(failure: "read object \(address)", errno, path: path, address: address)
            }
        }
        return URL(filePath: path)
    }

    package func localFile(_ address: ContentAddress) -> URL? {
        let path = path(of: address)
        return access(path, F_OK) == 0 ? URL(filePath: path) : nil
    }

    package func contains(_ address: ContentAddress) async throws -> Bool {
        let path = path(of: address)
        return try await offPool { try Self.byteCount(path, address) != nil }
    }

    package func remove(_ address: ContentAddress) async throws {
        let path = path(of: address)
        try await offPool {
            try self.checkIdentity()
            guard unlink(path) == 0 || errno == ENOENT else {
                throw StorageError(failure: "remove object \(address)", errno, path: path, address: address)
            }
        }
    }

    package func verify(_ address: ContentAddress) async throws -> Verification {
        let path = path(of: address)
        return try await offPool {
            guard try Self.byteCount(path, address) != nil else { return .missing }
            let found = try StoredObject(digesting: FileDescriptor(path, O_RDONLY | O_NOFOLLOW))
            return found.address == address
                ? .intact(byteCount: found.byteCount) : .corrupted(actual: found.address, byteCount: found.byteCount)
        }
    }

    package func list(beginningWith digits: String) async throws -> [StoredObject] {
        try await offPool { try self.objects(beginningWith: digits) }
    }

    package func temporaryFile(named suffix: String) throws -> URL {
        let allowed = suffix.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
            default: false
            }
        }
        guard allowed, (1...100).contains(suffix.utf8.count) else {
            throw StorageError(
                .invalidName,
                "a temporary file's suffix is 1 to 100 letters, digits, '.', '-' and '_', got \(suffix.utf8.count) bytes"
            )
        }
        return URL(filePath: "\(temporary)/\(UUID().uuidString.lowercased())-\(suffix)")
    }

    @discardableResult
    package func sweepTemporaryFiles(olderThan age: Duration) async throws -> Int {
        let temporary = temporary
        return try await offPool { try Self.sweep(temporary, olderThan: age) }
    }

    /// Runs blocking work on a thread of its own.
    func offPool<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await OwnThread.run { try StorageError.wording(work) }
    }
}

extension FolderStore {
    private func path(of address: ContentAddress) -> String {
        "\(objects)/\(address.hex.prefix(2))/\(address.hex.dropFirst(2))"
    }

    /// Flushes, hashes, renames to the address, flushes the folders: in this order, or a crash could leave a name
    /// without bytes.
    private func takeOver(_ file: String) throws -> StoredObject {
        try checkIdentity()
        let descriptor = try FileDescriptor(file, O_RDONLY | O_NOFOLLOW)
        guard try descriptor.facts().st_mode & S_IFMT == S_IFREG else {
            throw StorageError(.inputOutput, "only a regular file can be put in storage", path: file)
        }
        try descriptor.setMode(0o440)
        try descriptor.synchronize()
        let object = try StoredObject(digesting: descriptor)
        let target = path(of: object.address)
        let folder = "\(objects)/\(object.address.hex.prefix(2))"
        try Self.makeFolder(folder, in: objects)
        // An object already there is kept, unless it was truncated: then this good copy takes its place.
        if try Self.byteCount(target, object.address) == object.byteCount {
            unlink(file)
        } else if rename(file, target) != 0 {
            throw StorageError(failure: "rename a file to its address", errno, path: file, address: object.address)
        }
        // Also when it was already there: its writer may have crashed before this line.
        try WholeFile.synchronizeFolder(folder)
        return object
    }

    private func objects(beginningWith digits: String) throws -> [StoredObject] {
        var found: [StoredObject] = []
        for folder in try Self.entries(of: objects) where folder.hasPrefix(digits.prefix(2)) {
            for name in try Self.entries(of: "\(objects)/\(folder)") {
                guard let address = ContentAddress(hex: folder + name), address.hex.hasPrefix(digits) else { continue }
                guard let byteCount = try Self.byteCount(path(of: address), address) else { continue }
                found.append(StoredObject(address: address, byteCount: byteCount))
            }
        }
        return found
    }
}
