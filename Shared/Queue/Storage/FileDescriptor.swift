import Cryptography
import Glibc

/// An open file or folder, closed when it goes out of scope. All calls block; call them on a store's own queue.
struct FileDescriptor: ~Copyable {
    private let number: Int32
    private let path: String

    init(_ path: String, _ flags: Int32, mode: mode_t = 0) throws(StorageError) {
        number = Glibc.open(path, flags | O_CLOEXEC, mode)
        self.path = path
        guard number >= 0 else { throw StorageError(failure: "open a file", errno, path: path) }
    }

    deinit { close(number) }

    /// Forces bytes and length (or a folder's entries) to the medium.
    func synchronize() throws(StorageError) {
        guard fsync(number) == 0 else { throw StorageError(failure: "flush a file", errno, path: path) }
    }

    func setMode(_ mode: mode_t) throws(StorageError) {
        guard fchmod(number, mode) == 0 else {
            throw StorageError(failure: "set the mode of a file", errno, path: path)
        }
    }

    func isRegularFile() throws(StorageError) -> Bool {
        var information = stat()
        guard fstat(number, &information) == 0 else { throw StorageError(failure: "look at a file", errno, path: path) }
        return information.st_mode & S_IFMT == S_IFREG
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(number, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw StorageError(failure: "write a file", errno, path: path) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// The digest and the number of the bytes from here to the end, read 1 MiB at a time.
    func digest() throws(StorageError) -> StoredObject {
        do {
            return try digestOfRest()
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(.inputOutput, "storage could not digest a file: \(error)", path: path)
        }
    }

    private func digestOfRest() throws -> StoredObject {
        let digest = try SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { buffer.deallocate() }
        var total = 0
        while true {
            let count = read(number, buffer.baseAddress, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw StorageError(failure: "read a file", errno, path: path) }
            if count == 0 {
                return StoredObject(address: ContentAddress(digest: try digest.finish()), byteCount: total)
            }
            try digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            total += count
        }
    }
}

extension StorageError {
    /// A failed system call. The sentence names what was attempted, never the path.
    init(failure action: String, _ number: Int32, path: String?, address: ContentAddress? = nil) {
        let reason = String(cString: strerror(number))
        let (code, advice): (Code, String) =
            switch number {
            case ENOSPC, EDQUOT, EFBIG: (.diskFull, "free space in the storage folder")
            case EACCES, EPERM, EROFS: (.notWritable, "give this user read and write access to the storage folder")
            case ENOENT, ENOTDIR: (.missing, "check that it was put in this store")
            case EXDEV: (.otherFileSystem, "write the file at a path that temporaryFile(named:) gave")
            default: (.inputOutput, "check the disk and its mount")
            }
        self.init(
            code, "storage could not \(action): \(reason); \(advice)", address: address, systemError: number, path: path
        )
    }
}
