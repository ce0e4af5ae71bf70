import Faults
import FoundationEssentials
import Glibc

/// Where a stack keeps its things, and the lock that lets one command at a time change it.
struct LocalFolder: Sendable {
    /// Absolute, without a slash at the end.
    let path: String

    init(_ directory: URL) {
        let path = directory.standardizedFileURL.path
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    var stateFile: String { path + "/local.json" }
    var lockFile: String { path + "/lock" }
    var database: String { path + "/database" }
    var databaseData: String { path + "/database/data" }
    var databaseLog: String { path + "/database/server.log" }
    var broker: String { path + "/broker" }
    var logs: String { path + "/logs" }
    var storage: String { path + "/storage" }

    /// What `delete` removes; anything else in the folder is not the stack's.
    private var own: [String] {
        [database, broker, logs, storage, path + "/demo", stateFile, stateFile + ".new", lockFile]
    }

    /// Creates the folders. The stack's own may be traversed by the account the database runs under, the others are
    /// private.
    func create() throws(LocalServicesError) {
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        if !parent.isEmpty && !SystemFile.exists(parent) {
            do { try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true) } catch {
                throw LocalServicesError(
                    .folderUnusable, "cannot create the folder \(parent): choose another with --directory")
            }
        }
        for (folder, mode) in [(path, 0o711), (database, 0o711), (broker, 0o700), (logs, 0o700), (storage, 0o700)] {
            guard mkdir(folder, mode_t(mode)) == 0 || errno == EEXIST else {
                throw .systemCall(
                    .folderUnusable, "cannot create the folder \(folder); choose another with --directory")
            }
        }
        guard access(path, W_OK) == 0 else { throw .systemCall(.folderUnusable, "cannot write to \(path)") }
    }

    /// Runs the body while no other `columna local` works on this folder; waits for the other to end.
    func locked<Result>(_ body: () throws(LocalServicesError) -> Result) throws(LocalServicesError) -> Result {
        let lock = open(lockFile, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw .systemCall(.folderUnusable, "cannot lock \(path)") }
        defer { close(lock) }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw .systemCall(.folderUnusable, "cannot lock \(path)") }
        }
        return try body()
    }

    /// Free space in bytes for whoever we are.
    var freeBytes: UInt64 {
        var facts = statvfs()
        return statvfs(path, &facts) == 0 ? UInt64(facts.f_bavail) * UInt64(facts.f_frsize) : 0
    }

    /// Removes what the stack made, and the folder itself when nothing else lies in it.
    func delete() throws(LocalServicesError) {
        for path in own where SystemFile.exists(path) {
            do { try FileManager.default.removeItem(atPath: path) } catch {
                throw LocalServicesError(.folderUnusable, "cannot remove \(path): \(error)")
            }
        }
        rmdir(path)
    }
}
