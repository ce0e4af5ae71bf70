import FileKinds
import Foundation

/// An open file whose bytes are asked for by their position. Any thread may read; blocks.
///
/// Uncompressed volumes are read by `pread` from many threads straight to where they are converted, not through a
/// memory map: a map of a file that somebody cuts short while it is read ends the process with SIGBUS, and the map's
/// bytes must be converted to another array anyway, so that it would save no copy. What changed meanwhile is told
/// afterwards (`requireUnchanged`).
package final class InputFile: Sendable {
    package let byteCount: Int
    let descriptor: Int32
    private let version: Version

    /// What the system changes whenever contents change.
    private struct Version: Equatable {
        let size, seconds, nanoseconds: Int

        init(_ facts: stat) {
            (size, seconds, nanoseconds) = (Int(facts.st_size), facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec)
        }
    }

    /// Throws `fileMissing` or `fileNotReadable`.
    package init(path: String) throws {
        // Opening a pipe could wait for ever.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let missing = errno == ENOENT || errno == ENOTDIR
            throw VolumeError(
                missing ? .fileMissing : .fileNotReadable,
                missing ? Self.whatIsMissing(path) : "the file cannot be read: \(String(cString: strerror(errno)))",
                path: path)
        }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw VolumeError(
                .fileNotReadable, "a regular file is expected, got a folder or a special file", path: path)
        }
        version = Version(facts)
        byteCount = version.size
    }

    deinit { close(descriptor) }

    private static func whatIsMissing(_ path: String) -> String {
        guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else {
            return "the file does not exist"
        }
        return FileKind.isAnnexed(linkTo: target)
            ? "a link of git-annex whose file is not here: `git annex get` fetches it"
            : "a symbolic link to a file that does not exist"
    }

    /// Fills `buffer` from `position` on as far as the file goes and returns the number of bytes. Throws
    /// `fileNotReadable`.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        var filled = 0
        while filled < buffer.count {
            let count = pread(descriptor, base + filled, min(buffer.count - filled, 1 << 30), position + filled)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw VolumeError(.fileNotReadable, "the file cannot be read: \(String(cString: strerror(errno)))")
            }
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    /// Throws `changedWhileRead` if the file was written to since it was opened: what was read may be half old, half
    /// new. A file that was replaced by another of its name is not concerned: the old one was read to its end.
    package func requireUnchanged() throws {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, Version(facts) == version else {
            throw VolumeError(
                .changedWhileRead, "the file was changed while it was read; read it again once it is complete")
        }
    }
}
