import Files
import FoundationEssentials
import Glibc
import JobEngine

/// The system calls of a folder store, each blocking.
extension FolderStore {
    static func write(_ data: Data, to path: String) throws {
        let file = try FileDescriptor(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o640)
        try data.withUnsafeBytes { bytes in try file.write(bytes) }
    }

    /// Makes a folder unless it is there, and then flushes the folder that holds it.
    static func makeFolder(_ path: String, in parent: String) throws {
        if mkdir(path, 0o750) == 0 {
            try WholeFile.synchronizeFolder(parent)
        } else if errno != EEXIST {
            throw StorageError(failure: "make a folder", errno, path: path)
        }
    }

    /// The length of an object, or nil when there is none.
    static func byteCount(_ path: String, _ address: ContentAddress) throws -> Int? {
        var information = stat()
        if lstat(path, &information) == 0 {
            guard information.st_mode & S_IFMT == S_IFREG else {
                throw StorageError(
                    .inputOutput, "object \(address) is not a regular file: somebody changed the storage folder",
                    address: address, path: path)
            }
            return Int(information.st_size)
        }
        guard errno == ENOENT else {
            throw StorageError(failure: "look at object \(address)", errno, path: path, address: address)
        }
        return nil
    }

    /// The names in a folder, sorted, without those that begin with a dot.
    static func entries(of path: String) throws -> [String] {
        guard let folder = opendir(path) else { throw StorageError(failure: "list a folder", errno, path: path) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes the files in `folder` whose last write is older than `age` by the clock that stamps them; answers how
    /// many.
    @discardableResult
    static func sweep(_ folder: String, olderThan age: Duration) throws -> Int {
        let now = try present(in: folder)
        var count = 0
        for name in try entries(of: folder) {
            let path = "\(folder)/\(name)"
            var information = stat()
            // Another worker may have swept or taken the file since the folder was listed.
            guard lstat(path, &information) == 0, now - information.st_mtim.tv_sec >= age.components.seconds else {
                continue
            }
            switch information.st_mode & S_IFMT {
            case S_IFREG: if unlink(path) == 0 { count += 1 }
            // A folder in which a job of a killed worker held several files.
            case S_IFDIR: if (try? FileManager.default.removeItem(atPath: path)) != nil { count += 1 }
            default: continue
            }
        }
        return count
    }

    /// The time of the file system in seconds, which a file server has of its own: a host whose clock is ahead would
    /// find everybody's files old.
    private static func present(in folder: String) throws -> Int {
        var information = stat()
        // Without a time to set, the server sets its own (utimensat(2)). On the folder: a full disk, on which leftovers
        // matter most, takes no new file.
        guard utimensat(AT_FDCWD, folder, nil, 0) == 0, stat(folder, &information) == 0 else {
            throw StorageError(failure: "read the time of a folder", errno, path: folder)
        }
        return information.st_mtim.tv_sec
    }
}
