package import Glibc

/// Files that appear under their names whole and durable, or not at all.
package enum WholeFile {
    /// Writes a file beside `path`, flushes it, gives it the name, and flushes the folder: after a crash at any moment
    /// the name has what it had before, or all that is written here. What was written goes away with an error.
    ///
    /// Throws what `body` throws, and `SystemFailure`.
    package static func write(
        to path: String, mode: mode_t = 0o644, _ body: (borrowing FileDescriptor) throws -> Void
    ) throws {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let folder = parts.dropLast().joined(separator: "/")
        let draft = "\(parts.count > 1 ? folder + "/" : "").\(parts.last ?? "").\(UInt64.random(in: 0 ... .max))"
        defer { unlink(draft) }
        let file = try FileDescriptor(draft, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
        try body(file)
        try file.synchronize()
        try file.close()
        guard rename(draft, path) == 0 else { throw SystemFailure("give a file its name") }
        try synchronizeFolder(parts.count > 1 ? (folder.isEmpty ? "/" : folder) : ".")
    }

    /// Forces what was renamed to, linked or removed in a folder to the medium.
    package static func synchronizeFolder(_ path: String) throws(SystemFailure) {
        try FileDescriptor(path, O_RDONLY | O_DIRECTORY).synchronize()
    }
}
