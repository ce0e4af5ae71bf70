import Files
import Glibc
import JobEngine

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

    /// Runs system calls on storage and tells their failures in storage's words.
    static func wording<Value>(_ work: () throws -> Value) throws -> Value {
        do { return try work() } catch let failure as SystemFailure {
            throw StorageError(failure: failure.action, failure.number, path: nil)
        }
    }
}
